/** Asks and reloads a server for a long time, and watches its memory: `npm run soak`. */
import { command, runCommand } from "../../src/options/command.js";
import { UsageError, type OptionTable } from "../../src/options/options.js";
import { FOLDER, text, wholeNumber } from "../../src/options/values.js";
import { inTemporaryFolder } from "../temporary-folder.js";
import { chaosSummary, hasSurvived, runChaos } from "./chaos.js";
import { hasPassed, runSoak, summary } from "./run.js";

const OPTIONS = {
  requests: { ...wholeNumber(1, 999_999_999), default: "3000000", help: "requests in all" },
  // At least ten, as memory is compared with that after the first tenth.
  reloads: { ...wholeNumber(10, 999_999), default: "200", help: "reloads in all, each of another index" },
  connections: { ...wholeNumber(1, 10_000), default: "64", help: "visitors at a time" },
  data: { ...FOLDER, default: "data", help: "the data of the indexes" },
  faults: { ...wholeNumber(1, 86_400), placeholder: "SECONDS", help: "have faults come over the server for so long" },
  seed: { ...text("TEXT", "any text"), default: "1", help: "of the order in which faults come" },
} as const satisfies OptionTable;

await runCommand(
  command({
    name: "npm run soak",
    summary: "Asks and reloads a server for a long time, and watches its memory.",
    options: OPTIONS,
    notes: `Starts a server of its own on free ports, with settings such as WORKERS from the environment, and sends it visitors whose
every response is judged, while it loads one index and the other in turn. Resident memory at the end may be a tenth more
than after the first tenth of the run.
With --faults, reloads of good and broken files, signals, a full log disk, workers and a process that stand still, visitors who
use up the descriptors, and floods come over it, several at a time; --requests and --reloads mean nothing then.
Exit code: 0 where every request and reload went well and memory stayed, 1 where not, 2 for wrong usage.`,
    run: async (values) => {
      const least = values.reloads * values.connections;
      if (values.requests < least)
        throw new UsageError(`--requests: got "${values.requests}", expected one a reload and connection: ${least}`);
      const interrupt = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"] as const)
        process.once(signal, () => {
          interrupt.abort(new Error("interrupted"));
        });
      const log = (progress: string): void => {
        if (process.stderr.isTTY) process.stderr.write(`\r${progress}\u001b[K`);
      };
      const { signal } = interrupt;
      const { faults: seconds } = values;
      const [told, passed] = await inTemporaryFolder("soak", async (folder) => {
        if (seconds === undefined) {
          const figures = await runSoak(values, { folder, signal, log });
          return [summary(figures), hasPassed(figures)] as const;
        }
        const figures = await runChaos({ ...values, seconds }, { folder, signal, log });
        return [chaosSummary(figures), hasSurvived(figures)] as const;
      });
      log("");
      process.stdout.write(told);
      return passed ? 0 : 1;
    },
  }),
);
