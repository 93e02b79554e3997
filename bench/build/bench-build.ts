/** `npm run bench-build`: arguments, the benchmark, its figures, the exit code. */
import { writeFile } from "node:fs/promises";
import { runCommand } from "../../src/options/old-command.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { compareWays } from "./measure-csv-parse.js";
import { runBench } from "./run-bench.js";
import { summary } from "./summary.js";
import { withData } from "./with-data.js";

async function benchBuild(request: Arguments): Promise<undefined> {
  const interrupt = new AbortController();
  // For good: a second Ctrl-C would leave the data, which are being removed already.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      interrupt.abort(new Error(`interrupted${request.keep ? "" : "; the data are removed"}`));
    });
  const tell = (what: string): void => {
    process.stderr.write(`${what}\n`);
  };
  const surroundings = { signal: interrupt.signal, tell };
  await withData(request, surroundings, async (data) => {
    if (request.ways) {
      process.stdout.write(await compareWays(data, request, surroundings));
      return;
    }
    const figures = await runBench(data, request, surroundings);
    process.stdout.write(summary(figures));
    if (request.json !== undefined) await writeFile(request.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  });
}

await runCommand({
  name: "bench-build",
  usage,
  readArguments: () => readArguments(process.argv.slice(2)),
  run: benchBuild,
});
