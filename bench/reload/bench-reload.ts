/** Measures what visitors notice of a reload: `npm run bench-reload`. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command, runCommand } from "../../src/options/command.js";
import { FOLDER, wholeNumber } from "../../src/options/values.js";
import { inTemporaryFolder } from "../../tools/temporary-folder.js";
import { interruptible } from "../interruptible.js";
import { usableCores } from "../measure/cores.js";
import { chartOf, tableOf } from "./report.js";
import { runReload } from "./run-reload.js";

await runCommand(
  command({
    name: "npm run bench-reload",
    summary: "Measures what visitors notice of a reload.",
    options: {
      campaigns: { ...wholeNumber(1, 4_000_000), default: "1000000", help: "campaigns in each of the two indexes" },
      rate: { ...wholeNumber(1, 100_000), default: "10000", help: "requests a second" },
      seconds: { ...wholeNumber(3, 600), default: "30", help: "how long to send; the reload begins at a third of it" },
      out: { ...FOLDER, default: "bench/results", help: "where the results are written" },
    },
    notes: `Makes two large indexes, serves the first with one worker on one core, and sends requests at fixed times from another
core, for all campaigns at random, while the second index is loaded. Prints the latency second by second, and writes it
with a chart.
Exit code: 0 where every request was answered and the index was loaded, 1 where not, 2 for wrong usage.`,
    run: async ({ out, ...load }) => {
      const surroundings = { ...interruptible(), cores: usableCores() };
      const results = await inTemporaryFolder("bench-reload", (folder) => runReload(load, { ...surroundings, folder }));
      await mkdir(out, { recursive: true });
      await writeFile(join(out, "reload.json"), `${JSON.stringify(results, undefined, 2)}\n`);
      await writeFile(join(out, "reload.svg"), chartOf(results));
      process.stdout.write(tableOf(results));
      return 0;
    },
  }),
);
