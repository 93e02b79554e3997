/** Measures the build of an index beside DuckDB: `npm run bench-build`. */
import { writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { command, runCommand } from "../../src/options/command.js";
import { UsageError } from "../../src/options/options.js";
import { FILE, FOLDER, oneWordOf, wholeNumber } from "../../src/options/values.js";
import { interruptible } from "../interruptible.js";
import { EVENT_KINDS } from "./events.js";
import { summaryOf } from "./report.js";
import { runBuildBench } from "./run-build.js";

const MAX_WORKERS = 64;
const PERIODS = ["1", "2", "3", "4", "5", "6", "10", "12", "15", "20", "30", "60"];

await runCommand(
  command({
    name: "npm run bench-build",
    summary: "Measures the build of an index beside DuckDB.",
    options: {
      clicks: { ...wholeNumber(1, 1_000_000_000), default: "2000000", help: "rows of clicks" },
      impressions: { ...wholeNumber(1, 4_000_000_000), default: "10000000", help: "rows of impressions" },
      conversions: { ...wholeNumber(1, 1_000_000_000), default: "200000", help: "rows of conversions" },
      periods: { ...oneWordOf(PERIODS), placeholder: "N", default: "4", help: "a file of each kind in each" },
      campaigns: { ...wholeNumber(1, 10_000), default: "200", help: "a few of them have most of the events" },
      banners: { ...wholeNumber(2, 1_000), default: "50", help: "of each campaign" },
      seed: { ...wholeNumber(1, 4_294_967_295), default: "1", help: "the same seed makes the same data" },
      workers: { ...wholeNumber(1, MAX_WORKERS), help: "threads that read, and DuckDB's (one a core)" },
      rounds: { ...wholeNumber(1, 100), default: "3", help: "how often each is measured" },
      dir: { ...FOLDER, help: "where the data's folder is made (the system's)" },
      keep: { help: "leave the data there" },
      json: { ...FILE, help: "write the figures there too" },
    },
    notes: `Makes data, and has Billboard build its index and DuckDB count the same by SQL, in turns, each time in a new process.
Holds every build against what was planted: in every thousand clicks a duplicate and a conflict, in every thousand
conversions an orphan too; and against the index that DuckDB's statistics make. The large data set is ten times that of
the defaults.
Exit code: 0 where all went well; 1 where one was wrong or failed; 2 for wrong usage.`,
    run: async ({ json, dir: parent = tmpdir(), seed, rounds, keep, workers, ...rows }) => {
      const amounts = { ...rows, periods: Number(rows.periods) };
      for (const kind of EVENT_KINDS)
        if (amounts[kind] < amounts.periods)
          throw new UsageError(
            `--${kind}: got "${amounts[kind]}", expected one for each of ${amounts.periods} periods`,
          );
      const surroundings = interruptible(`interrupted${keep ? "" : "; the data are removed"}`);
      const threads = workers ?? Math.min(availableParallelism(), MAX_WORKERS);
      const bench = { amounts, seed, threads, rounds, parent, keep };
      const results = await runBuildBench(bench, surroundings);
      process.stdout.write(summaryOf(results));
      if (json !== undefined) await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
      return 0;
    },
  }),
);
