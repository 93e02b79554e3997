/** Puts Billboard beside other servers, and shows how its cost grows with the work: `npm run bench`. */
import { command, runCommand } from "../src/options/command.js";
import { FOLDER, someOf, wholeNumber } from "../src/options/values.js";
import { inTemporaryFolder } from "../tools/temporary-folder.js";
import { CONTENDER_NAMES } from "./contenders/contenders.js";
import { busyLine } from "./environment.js";
import { interruptible } from "./interruptible.js";
import { usableCores } from "./measure/cores.js";
import { FULL, PARTS, QUICK, type PartName } from "./plan.js";
import { writeCharts } from "./report/charts.js";
import { writeDocuments } from "./report/documents.js";
import { tablesOf } from "./report/tables.js";
import { readResults, writeResults } from "./results.js";
import { runBench } from "./run-bench.js";

const ABOUT_PARTS: Readonly<Record<PartName, string>> = {
  "side-by-side": "Billboard and what a person would use instead",
  campaigns: `indexes of ${FULL.campaigns.map((count) => count.toLocaleString("en-US")).join(", ")} campaigns`,
  "random-places": "cells that draw 5 random places, against those that draw none",
  cookies: "cookie headers of 0, 1, 10 and 50 cookies",
};

const NOTES = `Parts:
${Object.entries(ABOUT_PARTS)
  .map(([name, what]) => `  ${name.padEnd(15)}${what}\n`)
  .join("")}
Starts the servers on loopback, anew in each round, on one core, and drives them from another: all in turns of 50 ms, with
wrk, as fast as they answer, and then each alone with requests at fixed times, for its latency. Billboard is measured
against itself as well: where others differ by no more than that, the tables say so. Where a round fails, those before it
are printed and written all the same.
Exit code: 0 when done; 1 where a program is missing, or a server failed or answered otherwise than Billboard; 2 for wrong
usage.`;

await runCommand(
  command({
    name: "npm run bench",
    summary: "Puts Billboard beside other servers, and shows how its cost grows with the work.",
    options: {
      quick: { help: "fewer rounds, seconds and parts: under 2 minutes, not 15" },
      rounds: { ...wholeNumber(1, 100), help: `how often all is measured (${FULL.rounds}, quick ${QUICK.rounds})` },
      only: { ...someOf(CONTENDER_NAMES), help: `of ${CONTENDER_NAMES.join(", ")}` },
      parts: { ...someOf(PARTS), help: `of the parts below (all, quick ${QUICK.parts.join()})` },
      out: { ...FOLDER, default: "bench/results", help: "where the results are written" },
      "write-docs": { help: "measure nothing: put the results into the documents" },
    },
    notes: NOTES,
    run: async ({ quick, rounds, only, parts, out, "write-docs": writesDocs }) => {
      if (writesDocs) {
        const results = await readResults(out);
        await writeCharts(results, out);
        await writeDocuments(results);
        return 0;
      }
      const form = quick ? QUICK : FULL;
      const plan = { ...form, rounds: rounds ?? form.rounds, parts: parts ?? form.parts };
      const { signal, log } = interruptible();
      const cores = usableCores();
      const busy = busyLine();
      if (busy !== undefined) log(busy);
      const results = await inTemporaryFolder("bench", (folder) =>
        runBench({ plan, only, folder }, { cores, signal, log }),
      );
      await writeResults(results, out);
      await writeCharts(results, out);
      process.stdout.write(tablesOf(results));
      log(`written to ${out}`);
      if (results.error !== undefined) throw new Error(results.error);
      return 0;
    },
  }),
);
