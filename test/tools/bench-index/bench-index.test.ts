import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";

const OUTPUT = join(import.meta.dirname, "../../..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");
const PROGRAM = join(OUTPUT, "tools/bench-index/bench-index.js");
const SMALL = ["--campaigns", "200", "--runs", "1", "--rounds", "2", "--sample", join(ROOT, "data")];

function run(temporary: string, ...args: string[]): SpawnSyncReturns<string> {
  const env = { ...process.env, TMPDIR: temporary };
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", env });
}

await t.test("a small run prints a line for each figure, and removes what it made", (t) => {
  const temporary = t.testdir({});
  const { status, stdout, stderr } = run(temporary, ...SMALL);
  t.equal(stderr, "");
  t.equal(status, 0);
  const lines = stdout.split("\n").slice(0, -1);
  const time = /\d+\.\d\d s/.source;
  const spread = `${time} \\(${time} to ${time}\\)`;
  const cost = /\d+ ns, in the sample's index \d+ ns: \d+\.\d\d times \(quartiles \d+\.\d\d to \d+\.\d\d\)/.source;
  const expected: [what: string, figure: string][] = [
    ["index", "200 campaigns, 4 periods, 10 banners in each cell"],
    ["entries", "8,000"],
    ["size", "[\\d,]+ bytes"],
    ["count events", time],
    ["compile", time],
    ["write and flush", time],
    ["peak memory of these", "\\d+ MiB"],
    ["load and check", spread],
    ["  of it alone: read", spread],
    ["  of it alone: hash", spread],
    ["  of it alone: check", spread],
    ["peak memory of a load", "\\d+ MiB"],
    ["cell and banner, uniform", cost],
    ["cell and banner, skewed", cost],
    ["whole decision, uniform", cost],
    ["whole decision, skewed", cost],
  ];
  t.equal(lines.length, expected.length, stdout);
  expected.forEach(([what, figure], at) => {
    t.match(lines[at], new RegExp(`^${what} +${figure}$`));
  });
  t.same(readdirSync(temporary), []);
  t.end();
});

await t.test("a sample that is not there ends it with 1 and one line, and leaves nothing behind", (t) => {
  const temporary = t.testdir({});
  const { status, stderr } = run(temporary, "--campaigns", "10", "--sample", join(temporary, "gone"));
  t.equal(status, 1);
  t.match(stderr, /^bench-index: makeSample: .*gone.*\n$/);
  t.same(readdirSync(temporary), []);
  t.end();
});

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  await t.test(`${signal} ends it with ${code}, and leaves nothing behind`, async (t) => {
    const temporary = t.testdir({});
    const env = { ...process.env, TMPDIR: temporary };
    // So many rounds that it would take minutes.
    const child = spawn(process.execPath, [PROGRAM, ...SMALL, "--rounds", "1000"], {
      stdio: ["ignore", "pipe", "inherit"],
      env,
    });
    let output = "";
    for await (const text of child.stdout.setEncoding("utf8")) {
      output += String(text);
      if (output.includes("peak memory of these")) break;
    }
    t.equal(readdirSync(temporary).length, 1);
    child.kill(signal);
    t.same(await once(child, "close"), [code, null]);
    t.same(readdirSync(temporary), []);
  });

await t.test("wrong usage ends it with 2 and one line that says what was expected", (t) => {
  for (const [args, message] of [
    [["--campaigns", "0"], '--campaigns: got "0", expected a whole number from 1 to 4000000'],
    [["--banners", "1e3"], '--banners: got "1e3", expected a whole number from 1 to 1000'],
    [["--periods", "7"], '--periods: got "7", expected a number that divides 60'],
    [["--runs", "101"], '--runs: got "101", expected a whole number from 1 to 100'],
  ] as const) {
    const { status, stdout, stderr } = run(t.testdir({}), ...args);
    t.same([status, stdout, stderr], [2, "", `bench-index: ${message}\n`]);
  }
  const { status, stderr } = run(t.testdir({}), "--fast");
  t.equal(status, 2);
  t.match(stderr, /^bench-index: .*--fast.*\n$/);
  t.end();
});

await t.test("--help says what it does, and does nothing", (t) => {
  const temporary = t.testdir({});
  const { status, stdout } = run(temporary, "--help");
  t.equal(status, 0);
  t.match(stdout, /^Usage: npm run bench-index -- \[options\]\n/);
  t.same(readdirSync(temporary), []);
  t.end();
});
