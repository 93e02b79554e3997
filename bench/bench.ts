/** `npm run bench`: arguments, the benchmark, its tables and charts, the exit code. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../src/options/old-command.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { findProgram } from "./contenders/programs.js";
import { billboardOn, contendersOf } from "./contenders/contenders.js";
import { usableCores } from "./cores.js";
import { chartsOf } from "./charts.js";
import { writeTable } from "./documents.js";
import { measureLatency } from "./open-loop/measure-latency.js";
import { measurePauses } from "./pauses/measure-pauses.js";
import { readResults, writeResults, type Results } from "./results.js";
import { contenderNames, runBench, type Means } from "./run-bench.js";
import { makeStage } from "./stage.js";
import { tablesOf } from "./table.js";

const MEANS: Means = {
  makeStage,
  contendersOf,
  billboardOn,
  findProgram,
  measureLatency,
  measurePauses,
};

async function bench(request: Arguments): Promise<number | undefined> {
  if (request.writesDocs) await writeDocs(request.out);
  else return measure(request);
  return undefined;
}

async function measure(request: Arguments): Promise<number | undefined> {
  const interrupt = new AbortController();
  // For good: a second Ctrl-C would leave what is being removed already.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      interrupt.abort(new Error("interrupted"));
    });
  const began = performance.now();
  const tell = (what: string): void => {
    process.stderr.write(`${String(Math.round((performance.now() - began) / 1000)).padStart(4)} s  ${what}\n`);
  };
  const cores = usableCores();
  const folder = await mkdtemp(join(tmpdir(), "billboard-bench-"));
  try {
    const results = await runBench(request, MEANS, { cores, folder, signal: interrupt.signal, tell });
    await writeResults(results, request.out);
    await writeReports(results, request.out);
    process.stdout.write(tablesOf(results).full);
    tell(`done; written to ${request.out}`);
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The results that are there, into the documents of the folder that this runs in. */
async function writeDocs(out: string): Promise<void> {
  const results = await readResults(out);
  const { readme, full } = tablesOf(results);
  await writeReports(results, out);
  await writeTable("README.md", readme);
  await writeTable(join("docs", "performance.md"), full);
}

async function writeReports(results: Results, out: string): Promise<void> {
  await writeFile(join(out, "table.md"), tablesOf(results).full);
  for (const [name, svg] of chartsOf(results)) await writeFile(join(out, `${name}.svg`), svg);
}

const names = contenderNames(MEANS);
await runCommand({
  name: "bench",
  usage: () => usage(names),
  readArguments: () => readArguments(process.argv.slice(2), names),
  run: bench,
});
