import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { lockFolder } from "../../../src/index/lock/folder-lock.js";
import { build } from "../../../build/stages.js";
import { filesOf, publishedCatalog } from "../built-index.js";
import { run, type Finished } from "../commands.js";
import { dataFolder } from "../data-folder.js";

const rollBack = (...words: string[]): Finished => run("rollback", words);

/** A folder with two generations, the first of them the previous one. */
async function published(t: Test): Promise<{ out: string; first: string; second: string }> {
  const folder = t.testdir({
    first: dataFolder({ impressions: ["1,1"] }),
    second: dataFolder({ impressions: ["2,1"] }),
  });
  const out = join(folder, "out");
  const generation = async (name: string): Promise<string> =>
    (await build({ data: join(folder, name), banners: undefined, out, onBadRow: "stop" })).generation;
  return { out, first: await generation("first"), second: await generation("second") };
}

await t.test("the previous index is put back, and a second time the one it took the place of", async (t) => {
  const { out, first, second } = await published(t);
  const before = filesOf(out);
  const { status, stdout, stderr } = rollBack("--out", out);
  t.strictSame([status, stderr], [0, ""]);
  t.ok(stdout.startsWith(`${join(out, "index.bin")} is now generation ${first}; `), stdout);
  t.equal(publishedCatalog(out).index.generation, first);
  t.strictSame(filesOf(out), {
    ...before,
    "index.bin": before["index.previous.bin"],
    "index.previous.bin": before["index.bin"],
  });
  t.match(rollBack("--out", out).stdout, ` is now generation ${second}; `);
  t.strictSame(filesOf(out), before);
});

await t.test("where the current index is damaged or gone the previous one is put back all the same", async (t) => {
  const { out, first } = await published(t);
  writeFileSync(join(out, "index.bin"), "damaged");
  t.equal(rollBack("--out", out).status, 0);
  t.equal(publishedCatalog(out).index.generation, first);
  const { stderr } = rollBack("--out", out);
  t.match(
    stderr,
    /^billboard rollback: .*index\.previous\.bin: not a Billboard index: .*\n$/,
    "what was damaged is not put back",
  );
  t.equal(publishedCatalog(out).index.generation, first);
  const other = await published(t);
  rmSync(join(other.out, "index.bin"));
  t.equal(rollBack("--out", other.out).status, 0);
  t.equal(publishedCatalog(other.out).index.generation, other.first);
});

await t.test("without a previous index there is one line, and exit code 1", async (t) => {
  const { out } = await published(t);
  rmSync(join(out, "index.previous.bin"));
  const before = filesOf(out);
  t.strictSame(rollBack("--out", out), {
    status: 1,
    stdout: "",
    stderr: `billboard rollback: ${join(out, "index.previous.bin")}: there is no previous index to roll back to: a second build leaves one\n`,
  });
  t.strictSame(filesOf(out), before);
  const nowhere = join(out, "nowhere");
  t.equal(rollBack("--out", nowhere).status, 1);
  t.notOk(existsSync(nowhere), "a folder is not made");
});

await t.test("while a build is at work nothing is put back", async (t) => {
  const { out } = await published(t);
  const before = filesOf(out);
  const lock = await lockFolder(out);
  try {
    const { status, stderr } = rollBack("--out", out);
    t.equal(status, 1);
    t.match(stderr, /^billboard rollback: .*out: another build or pull \(process \d+\) is running there: .*\n$/);
  } finally {
    await lock.release();
  }
  t.strictSame(filesOf(out), before);
});

await t.test("wrong usage is told, and exit code 2; --help tells the right one", (t) => {
  const { status, stderr } = rollBack("--nope");
  t.equal(status, 2);
  t.match(stderr, /^billboard rollback: Unknown option '--nope'.*\n$/);
  t.match(rollBack("--help"), { status: 0, stdout: /^Usage: billboard rollback \[options\]\n/m });
  t.end();
});
