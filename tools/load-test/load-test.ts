/** Runs the load test as a program of its own: `npm run load-test`. */
import { runCommand } from "../../src/options/command.js";
import { loadTest } from "./command.js";

await runCommand(loadTest);
