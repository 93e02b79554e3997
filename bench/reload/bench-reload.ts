/** `npm run bench-reload`: arguments, the benchmark, its table and chart, the exit code. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/options/old-command.js";
import { usableCores } from "../cores.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { chartOf, tableOf } from "./report.js";
import { runReload } from "./run-reload.js";

async function benchReload(request: Arguments): Promise<undefined> {
  const interrupt = new AbortController();
  // For good: a second Ctrl-C would leave what is being removed already.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      interrupt.abort(new Error("interrupted; the server and the files are gone"));
    });
  const tell = (what: string): void => {
    process.stderr.write(`${what}\n`);
  };
  const folder = await mkdtemp(join(tmpdir(), "billboard-bench-reload-"));
  try {
    const surroundings = { cores: usableCores(), folder, signal: interrupt.signal, tell };
    const results = await runReload(request, surroundings);
    await mkdir(request.out, { recursive: true });
    await writeFile(join(request.out, "reload.json"), `${JSON.stringify(results, undefined, 2)}\n`);
    await writeFile(join(request.out, "reload.svg"), chartOf(results));
    process.stdout.write(tableOf(results));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runCommand({
  name: "bench-reload",
  usage,
  readArguments: () => readArguments(process.argv.slice(2)),
  run: benchReload,
});
