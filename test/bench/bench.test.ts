import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { bareProgram } from "../build/commands.js";
import { writeResults } from "../../bench/results.js";
import { lineOf, tablesOf } from "../../bench/report/tables.js";
import { missing } from "../needed-programs.js";
import { ENVIRONMENT } from "./report/made-environment.js";
import { madeResults } from "./report/made-results.js";

const COMMAND = join(import.meta.dirname, "../../bench/bench.js");
const PLACE = "# A document\n\n<!-- bench: from bench/results -->\n<!-- end of bench -->\n";
const LINE = "# Billboard\n\n<!-- performance: from bench/results -->\n<!-- end of performance -->\n";

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * In a folder of its own, in which its temporary files are too.
 * @param onText is told all of the standard error, each time that there is more
 */
async function run(
  t: Test,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  onText?: (told: string, interrupt: () => void) => void,
): Promise<Outcome> {
  const temporary = join(t.testdirName, "temporary");
  mkdirSync(temporary, { recursive: true });
  const [program, ...words] = bareProgram(COMMAND);
  const child = spawn(program, [...words, ...args], {
    cwd: t.testdirName,
    env: { ...process.env, TMPDIR: temporary, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
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
  t.same(readdirSync(temporary), [], "it leaves nothing behind");
  return { code, stdout, stderr };
}

await t.test("--help names the contenders, and starts none", async (t) => {
  const { code, stdout } = await run(t, ["--help"]);
  t.equal(code, 0);
  for (const name of ["billboard", "billboard-again", "bare-handler", "nginx-static", "fastify", "database"])
    t.ok(stdout.includes(name), name);
});

await t.test("wrong usage ends it with 2", async (t) => {
  const { code, stderr } = await run(t, ["--only", "apache"]);
  t.equal(code, 2);
  t.match(stderr, /^npm run bench: --only: got "apache", expected some of billboard, .*\n$/);
});

await t.test(
  "without wrk it ends with 1, and a line that says how to install it",
  { skip: missing("taskset") },
  async (t) => {
    // The shell that the program is started by, and nothing else.
    symlinkSync("/bin/sh", join(t.testdir({}), "sh"));
    const { code, stdout, stderr } = await run(t, ["--quick"], { PATH: t.testdirName });
    t.equal(code, 1);
    t.equal(stdout, "");
    t.match(stderr, /^npm run bench: wrk is not installed.*apt-get install wrk$/m);
  },
);

await t.test("Ctrl-C ends it with 1, and leaves nothing behind", { skip: missing("wrk", "taskset") }, async (t) => {
  let interrupted = false;
  const { code, stderr } = await run(t, ["--quick", "--only", "bare-handler"], {}, (told, interrupt) => {
    if (interrupted || !told.includes("round 1 of 3")) return;
    interrupted = true;
    interrupt();
  });
  t.equal(code, 1);
  t.match(stderr, /^npm run bench: interrupted$/m);
});

await t.test("--write-docs puts the results that are there into the documents", async (t) => {
  t.testdir({ docs: { "performance.md": PLACE }, "README.md": LINE });
  const results = madeResults(ENVIRONMENT, []);
  const out = join(t.testdirName, "bench", "results");
  await writeResults(results, out);
  const { code, stderr } = await run(t, ["--write-docs"]);
  t.equal(code, 0, stderr);
  const read = (...path: string[]): string => readFileSync(join(t.testdirName, ...path), "utf8");
  t.equal(read("README.md"), LINE.replace("-->\n", `-->\n\n${lineOf(results)}\n\n`));
  t.equal(read("docs", "performance.md"), PLACE.replace("-->\n", `-->\n\n${tablesOf(results)}\n`));
  t.same(readdirSync(out).sort(), ["bench.json", "growth.svg", "side-by-side.svg"]);
});

await t.test("--write-docs needs results and a place for them, but not in the README", async (t) => {
  t.testdir({ docs: { "performance.md": PLACE }, "README.md": "# Billboard\n" });
  const none = await run(t, ["--write-docs"]);
  t.equal(none.code, 1);
  t.match(none.stderr, /^npm run bench: bench\/results\/bench\.json: cannot be read as results: .*npm run bench\n$/);
  await writeResults(madeResults(ENVIRONMENT, []), join(t.testdirName, "bench/results"));
  t.equal((await run(t, ["--write-docs"])).code, 0);
  t.equal(readFileSync(join(t.testdirName, "README.md"), "utf8"), "# Billboard\n");
  writeFileSync(join(t.testdirName, "docs/performance.md"), "# Performance\n");
  const noPlace = await run(t, ["--write-docs"]);
  t.equal(noPlace.code, 1);
  t.match(noPlace.stderr, /^npm run bench: docs\/performance\.md: expected a place for the tables/);
});
