/** Measures what recording costs a server: `npm run bench-recording`. */
import { loadavg } from "node:os";
import { command, runCommand } from "../../src/options/command.js";
import { wholeNumber } from "../../src/options/values.js";
import { inTemporaryFolder } from "../../tools/temporary-folder.js";
import { interruptible } from "../interruptible.js";
import { usableCores } from "../measure/cores.js";
import { tableOf } from "./report.js";
import { runRecording } from "./run-recording.js";

await runCommand(
  command({
    name: "npm run bench-recording",
    summary: "Measures what recording costs a server.",
    options: {
      rounds: { ...wholeNumber(1, 100), default: "9", help: "in each of which all servers are started anew" },
      seconds: {
        ...wholeNumber(1, 60),
        default: "3",
        help: "of each server in each round, at saturation and below it",
      },
      connections: { ...wholeNumber(1, 1000), default: "64", help: "connections that the load comes by" },
      visits: { ...wholeNumber(1, 1_000_000), default: "100000", help: "visits before they repeat" },
    },
    notes: `Serves the same index by three servers of one worker, on one core: one that records, one that does not, and that
once more. At saturation they work in turns of 50 ms; the recorder's threads share the core. Prints the medians as a table.
Exit code: 0, 1 where a server fails, 2 for wrong usage.`,
    run: async (plan) => {
      const surroundings = { ...interruptible(), cores: usableCores() };
      surroundings.log(`load average ${loadavg()[0]!.toFixed(1)}`);
      const results = await inTemporaryFolder("bench-recording", (folder) =>
        runRecording(plan, { ...surroundings, folder }),
      );
      process.stdout.write(tableOf(results));
      return 0;
    },
  }),
);
