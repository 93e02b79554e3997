/** Runs the command that the first argument names. */
import { runCommand } from "../../src/options/command.js";
import { build } from "./build.js";
import { exportStatistics } from "./export.js";
import { rollback } from "./rollback.js";

const [name, ...args] = process.argv.slice(2);
if (name === "build") await runCommand(build, args);
else if (name === "rollback") await runCommand(rollback, args);
else await runCommand(exportStatistics, args);
