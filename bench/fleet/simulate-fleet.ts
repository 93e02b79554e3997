/** Simulates replicas that poll one origin for their index: `npm run simulate-fleet`. */
import { command, runCommand } from "../../src/options/command.js";
import { text, wholeNumber } from "../../src/options/values.js";
import { tableOf } from "./report.js";
import { runScenarios } from "./scenarios.js";

await runCommand(
  command({
    name: "npm run simulate-fleet",
    summary: "Simulates replicas that poll one origin for their index.",
    options: {
      replicas: { ...wholeNumber(1, 100_000), default: "1000", help: "replicas that poll" },
      megabytes: { ...wholeNumber(1, 1_000_000), default: "1000", help: "of the index (1,000,000 bytes each)" },
      poll: { ...wholeNumber(1, 86_400), default: "60", help: "seconds between two requests, as INDEX_POLL" },
      seed: { ...text("TEXT", "any text"), default: "fleet", help: "of what is random" },
    },
    notes: `Prints what the origin is asked for, and when the replicas have a new index, as a table for docs/scaling.md. No socket
and no clock: the same seed prints the same table. The delays are those of a replica.
Exit code: 0, or 2 for wrong usage.`,
    run: ({ megabytes, ...size }) => {
      process.stdout.write(tableOf(runScenarios({ ...size, indexBytes: megabytes * 1e6 })));
      return Promise.resolve(0);
    },
  }),
);
