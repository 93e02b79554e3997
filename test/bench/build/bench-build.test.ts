import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import t from "tap";
import { bareProgram } from "../../build/commands.js";
import type { BuildResults } from "../../../bench/build/run-build.js";

const COMMAND = fileURLToPath(new URL("../../../bench/build/bench-build.js", import.meta.url));
/** A few thousand rows, so that every kind of row is planted. */
const SMALL = [
  "--clicks",
  "4000",
  "--impressions",
  "9000",
  "--conversions",
  "4003",
  "--campaigns",
  "7",
  "--banners",
  "9",
];

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param onText is told all of the standard error, each time that there is more */
async function run(args: readonly string[], onText?: (told: string, interrupt: () => void) => void): Promise<Outcome> {
  const [program, ...words] = bareProgram(COMMAND);
  const child = spawn(program, [...words, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stderr.on("data", (piece: Buffer) => {
    told += String(piece);
    onText?.(told, () => child.kill("SIGINT"));
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

await t.test("a run prints what it measured, writes the figures and takes its data away", async (t) => {
  const parent = t.testdir({});
  const json = join(t.testdirName, "..", "figures.json");
  const { code, stdout, stderr } = await run([
    ...SMALL,
    "--dir",
    parent,
    "--rounds",
    "2",
    "--workers",
    "2",
    "--json",
    json,
  ]);
  t.equal(code, 0, stderr);
  for (const line of [
    /^Data: +9,000 impressions, 4,000 clicks, 4,003 conversions; 4 periods, [\d,]+ bytes, seed 1$/m,
    /^Machine: .*, DuckDB \d/m,
    /^Measured: +2 rounds in turns, 2 threads/m,
    /^Billboard's stages: +find [\d.]+, digest [\d.]+, read [\d.]+, compile [\d.]+, check [\d.]+, report [\d.]+, publish [\d.]+ s$/m,
    /^Checked: +17,003 rows read, 16,983 used, 8 duplicate, 8 conflict, 4 orphan: as planted, in every build$/m,
  ])
    t.match(stdout, line);
  for (const figure of ["wall time", "processor time", "peak memory"])
    t.match(
      stdout,
      new RegExp(`^\\| ${figure} +(\\| [\\d.,]+ (s|MiB) \\([^|]+\\) +){2}\\| [\\d.]+ \\([^|]+\\) +\\|$`, "m"),
    );
  const { found, rounds } = JSON.parse(readFileSync(json, "utf8")) as BuildResults;
  t.equal(found.read, 17003);
  t.equal(rounds.length, 2);
  for (const { seconds, processorTime, peakMemory } of rounds.flatMap(({ billboard, duckdb }) => [billboard, duckdb]))
    t.ok(seconds > 0 && processorTime > 0 && peakMemory > 2 ** 20);
  t.strictSame(readdirSync(parent), []);
});

await t.test("--keep leaves the data where --dir says", async (t) => {
  const parent = t.testdir({});
  const { code, stderr } = await run([...SMALL, "--dir", parent, "--rounds", "1", "--keep"]);
  t.equal(code, 0, stderr);
  const [made = ""] = readdirSync(parent);
  t.ok(existsSync(join(parent, made, "data/4/conversions_4.csv")));
});

for (const moment of ["making the data", "round 2"])
  await t.test(`Ctrl-C while ${moment} ends it with code 1, and takes the data away`, async (t) => {
    const parent = t.testdir({});
    let interrupted = false;
    const { code, stdout, stderr } = await run([...SMALL, "--dir", parent], (told, interrupt) => {
      if (interrupted || !told.includes(moment)) return;
      interrupted = true;
      interrupt();
    });
    t.equal(code, 1);
    t.equal(stdout, "");
    t.match(stderr, /^npm run bench-build: interrupted; the data are removed$/m);
    t.strictSame(readdirSync(parent), []);
  });

await t.test("a folder that is not there ends it with code 1", async (t) => {
  const { code, stderr } = await run([...SMALL, "--dir", join(t.testdir({}), "gone")]);
  t.equal(code, 1);
  t.match(stderr, /^npm run bench-build: .*gone: cannot be written to: name another folder with --dir\n$/);
});

await t.test("wrong usage ends it with code 2 and one line", async (t) => {
  for (const args of [
    ["--click", "5"],
    ["--clicks", "many"],
    ["--periods", "7"],
    ["--impressions", "3"],
    ["--workers", "65"],
  ]) {
    const { code, stdout, stderr } = await run(args);
    t.equal(code, 2, args.join(" "));
    t.equal(stdout, "");
    t.match(stderr, /^npm run bench-build: .*\n$/);
  }
});
