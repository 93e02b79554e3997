/** `npm run bench-index`: arguments, the steps in order, a line for each figure, the exit code. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../src/command.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { spreadOf } from "../spread.js";
import type { STEPS } from "./step.js";

type Steps = typeof STEPS;
let running: ChildProcess | undefined;

/** @throws Error that says what the step complained of */
async function run<Name extends keyof Steps>(
  name: Name,
  ...args: Parameters<Steps[Name]>
): Promise<Awaited<ReturnType<Steps[Name]>>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "step.js"), name, JSON.stringify(args)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  let output = "";
  let complaint = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  running = undefined;
  if (code === 0) return JSON.parse(output) as Awaited<ReturnType<Steps[Name]>>;
  throw new Error(`${name}: ${complaint.trim() || `ended with ${String(code)}`}`);
}

function say(what: string, figure: string): void {
  process.stdout.write(`${what.padEnd(28)} ${figure}\n`);
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;
const mebibytes = (kibibytes: number): string => `${Math.round(kibibytes / 1024).toLocaleString("en")} MiB`;

async function bench({ sample, runs, rounds, ...size }: Arguments, folder: string): Promise<void> {
  const { campaigns, periods, banners } = size;
  say("index", `${campaigns} campaigns, ${periods} periods, ${banners} banners in each cell`);
  const small = await run("makeSample", join(folder, "sample"), sample);
  const large = join(folder, "large");
  const built = await run("makeLarge", large, size);
  const file = join(large, "index.bin");
  say("entries", built.entries.toLocaleString("en"));
  say("size", `${built.bytes.toLocaleString("en")} bytes`);
  say("count events", seconds(built.count));
  say("compile", seconds(built.compile));
  say("write and flush", seconds(built.write));
  say("peak memory of these", mebibytes(built.peakMemory));
  await run("warm", file);
  const loads = [];
  const parts = [];
  for (let round = 0; round < runs; round++) {
    loads.push(await run("timeLoad", file));
    parts.push(await run("timeParts", file));
  }
  const sayTimes = (what: string, times: readonly number[]): void => {
    const { median, least, most } = spreadOf(times);
    say(what, `${seconds(median)} (${seconds(least)} to ${seconds(most)})`);
  };
  const loadTimes = loads.map(({ load }) => load);
  sayTimes("load and check", loadTimes);
  sayTimes(
    "  of it alone: read",
    parts.map(({ read }) => read),
  );
  sayTimes(
    "  of it alone: hash",
    parts.map(({ hash }) => hash),
  );
  sayTimes(
    "  of it alone: check",
    parts.map(({ check }) => check),
  );
  say("peak memory of a load", mebibytes(Math.max(...loads.map(({ peakMemory }) => peakMemory))));
  for (const { what, large, sample, ratio } of await run("timeLookUps", file, small.file, rounds))
    say(
      what,
      `${large.toFixed(0)} ns, in the sample's index ${sample.toFixed(0)} ns: ${ratio.median.toFixed(2)} times ` +
        `(quartiles ${ratio.lower.toFixed(2)} to ${ratio.upper.toFixed(2)})`,
    );
}

/** In a folder that is gone afterwards, however it ends. */
async function benchInFolder(wanted: Arguments): Promise<undefined> {
  const folder = mkdtempSync(join(tmpdir(), "billboard-bench-"));
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => {
      // Nobody may write into the folder while it is removed.
      if (running === undefined) process.exit(code);
      running.once("close", () => process.exit(code)).kill("SIGKILL");
    });
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true });
  });
  await bench(wanted, folder);
}

await runCommand({
  name: "bench-index",
  usage,
  readArguments: () => readArguments(process.argv.slice(2)),
  run: benchInFolder,
});
