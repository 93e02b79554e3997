/** `npm run soak`: arguments, the soak in a folder of its own, its figures, the exit code. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/options/old-command.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { runSoak } from "./run-soak.js";
import { hasPassed, summary } from "./summary.js";

async function soak(wanted: Arguments): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      interrupt.abort(new Error("interrupted"));
    });
  const folder = await mkdtemp(join(tmpdir(), "billboard-soak-"));
  const tell = (progress: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${progress}\u001b[K`);
  };
  try {
    const figures = await runSoak(wanted, { folder, signal: interrupt.signal, tell });
    tell("");
    process.stdout.write(summary(figures));
    return hasPassed(figures) ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runCommand({ name: "soak", usage, readArguments: () => readArguments(process.argv.slice(2)), run: soak });
