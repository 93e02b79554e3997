/** Runs test files, one more at a time than there are cores, since many wait: all of them, or those that are named. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";

/** A hang is found by it, and nothing else: on a busy machine a test may take ten times as long as on a quiet one. */
const TIMEOUT_SECONDS = 300;

/** More than these that fail are no accident. */
const MOST_AGAIN = 3;

interface Ended {
  readonly code: number | null;
  /** All that it has printed, in TAP. */
  readonly output: string;
}

/**
 * Without tap's own runner, whose instruments would go into each process that a test starts: a server under test would
 * not be the one that is shipped, and all tests take twice the time.
 */
function run(file: string): Promise<Ended> {
  const env = { ...process.env, TAP_TIMEOUT: String(TIMEOUT_SECONDS) };
  // It takes 0.3 s to load, and a few tests need it.
  const mocks = readFileSync(file, "utf8").includes("mockImport") ? ["--import=@tapjs/mock/import"] : [];
  const words = ["--enable-source-maps", ...mocks, file];
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "pipe"] });
  const deadline = setTimeout(() => child.kill("SIGKILL"), 1.2 * TIMEOUT_SECONDS * 1000);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      clearTimeout(deadline);
      resolve({ code, output });
    });
  });
}

const all = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.js"))
  .map((name) => relative(process.cwd(), join(import.meta.dirname, name)))
  .sort();
const files = process.argv.length > 2 ? process.argv.slice(2) : all;
const waiting = [...files];
const failed: string[] = [];
const start = performance.now();

async function report(file: string, when = ""): Promise<boolean> {
  const begun = performance.now();
  const { code, output } = await run(file);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  const result = code === 0 ? "" : ` FAILED (${String(code)})\n${output}`;
  process.stdout.write(`${seconds} s  ${file}${when}${result}\n`);
  return code === 0;
}

async function runWaiting(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
    if (!(await report(file))) failed.push(file);
}

await Promise.all(Array.from({ length: availableParallelism() + 1 }, runWaiting));
// On a shared machine that stood still for seconds, a test fails that is sound; a fault fails when it has the machine.
const unstable: string[] = [];
if (process.env["RUN_FAILED_AGAIN"] === "1" && failed.length <= MOST_AGAIN)
  for (const file of [...failed])
    if (await report(file, ", again and alone")) unstable.push(...failed.splice(failed.indexOf(file), 1));
const sums = [
  `${files.length - failed.length} of ${files.length} test files passed`,
  ...unstable.map((file) => `passed only when it was run again, alone: ${file}`),
  ...failed.map((file) => `failed: ${file}`),
];
process.stdout.write(`${sums.join("\n")}\n${((performance.now() - start) / 1000).toFixed()} s\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
