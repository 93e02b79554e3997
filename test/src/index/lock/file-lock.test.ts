import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { startOf } from "../../../../src/options/process-start.js";
import { markOf } from "../../../../src/index/lock/file-lock.js";
import { LOCK_FILE } from "../../../../src/index/lock/folder-busy.js";
import { ROOT } from "../../../../tools/docs/documents.js";
import { publishedCatalog } from "../../../build/built-index.js";
import { twoGenerations } from "../../../build/write/two-generations.js";

const PACKAGE = "fs-native-extensions";
/** No process has this id: the system gives none above 2^22. */
const ENDED = "999999999\n1\n";
const env = { PATH: process.env["PATH"] };

/** What is installed where the lock's package has no binary, or, with `binary`, one that does not load. */
function installedWithout(t: Test, binary?: string): string {
  const folder = t.testdir();
  const packages = join(folder, "node_modules");
  for (const part of ["package.json", "dist/bin", "dist/build", "dist/src", "dist/ui", "dist/embed"])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  mkdirSync(packages);
  for (const name of readdirSync(join(ROOT, "node_modules")))
    if (name !== PACKAGE) symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  const filter = (path: string): boolean => !path.includes(`${sep}prebuilds`);
  cpSync(join(ROOT, "node_modules", PACKAGE), join(packages, PACKAGE), { recursive: true, filter });
  if (binary !== undefined) {
    const prebuilds = join(packages, PACKAGE, "prebuilds", `${process.platform}-${process.arch}`);
    mkdirSync(prebuilds, { recursive: true });
    writeFileSync(join(prebuilds, `${PACKAGE}.node`), binary);
  }
  return folder;
}

type Ended = Readonly<{ status: number | null; stderr: string }>;

function billboard(installed: string, ...words: readonly string[]): Ended {
  const program = join(installed, "dist/bin/billboard.js");
  const { status, stderr } = spawnSync(process.execPath, [program, ...words], { env, encoding: "utf8" });
  return { status, stderr };
}

async function started(installed: string, words: readonly string[]): Promise<Ended> {
  const program = join(installed, "dist/bin/billboard.js");
  const child = spawn(process.execPath, [program, ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, "exit") as Promise<[number]>]);
  return { status, stderr };
}

/** Starts a program that has `lockFolder` of an installed copy. */
function withLock(installed: string, program: string): ReturnType<typeof spawn> {
  const module = new URL(`file://${join(installed, "dist/src/index/lock/folder-lock.js")}`).href;
  const words = ["--input-type=module", "--eval", `import { lockFolder } from "${module}";\n${program}`];
  return spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
}

const note = (file: string, reason: string): string =>
  `${file} stands in for the system's lock, and keeps out only builds that this machine or container runs: ` +
  `${PACKAGE} does not load on ${process.platform} ${process.arch} (${reason})\n`;

const hidden = (folder: string): string[] => readdirSync(folder).filter((name) => name.startsWith("."));

await t.test("without the lock's binary the build helps, builds and rolls back, and says what stands in", async (t) => {
  for (const [binary, reason] of [
    [undefined, "ADDON_NOT_FOUND"],
    ["for another C library", "CANNOT_LOAD"],
  ] as const) {
    const installed = installedWithout(t, binary);
    t.same(billboard(installed, "build", "--help"), { status: 0, stderr: "" });
    const { arguments: words } = await twoGenerations(installed);
    const out = join(installed, "out");
    const said = note(join(out, LOCK_FILE), reason);
    for (const each of words) t.same(billboard(installed, "build", ...each, "--out", out), { status: 0, stderr: said });
    t.same(billboard(installed, "rollback", "--out", out), { status: 0, stderr: said });
    t.strictSame(hidden(out), [], "nothing is left");
  }
});

await t.test("a file of a running build keeps others out until that is killed, then it is replaced", async (t) => {
  const installed = installedWithout(t);
  const { arguments: words } = await twoGenerations(installed);
  const out = join(installed, "out");
  mkdirSync(out);
  const holder = withLock(
    installed,
    `await lockFolder(${JSON.stringify(out)}); process.stdout.write("taken"); setInterval(() => {}, 1000);`,
  );
  await once(holder.stdout!, "data");
  t.equal(readFileSync(join(out, LOCK_FILE), "utf8"), `${holder.pid!}\n${startOf(holder.pid!)}\n`);
  const build = (): Ended => billboard(installed, "build", ...words[0], "--out", out);
  t.match(build(), {
    status: 1,
    stderr: `billboard build: ${out}: another build or pull (process ${holder.pid!}) is running there: wait until it ends, `,
  });
  t.strictSame(readdirSync(out), [LOCK_FILE]);

  holder.kill("SIGKILL");
  await once(holder, "exit");
  t.strictSame(hidden(out), [LOCK_FILE], "it could not remove its file");
  t.match(build(), { status: 0 });
  for (const [text, whose] of [
    [`${process.pid}\n1\n`, "that process's id is another's now"],
    [ENDED, "that process has ended"],
    ["", "no process is named"],
  ] as const) {
    writeFileSync(join(out, LOCK_FILE), text);
    // Left by a build that was killed while it replaced the file.
    writeFileSync(markOf(join(out, LOCK_FILE), text), text);
    t.match(build(), { status: 0 }, whose);
    t.strictSame(hidden(out), []);
  }
});

await t.test("a link in the place of the file is neither followed nor replaced", async (t) => {
  const installed = installedWithout(t);
  const { arguments: words } = await twoGenerations(installed);
  const out = join(installed, "out");
  const target = join(installed, "target");
  for (const [name, leftBefore] of [
    [LOCK_FILE, undefined],
    [markOf(LOCK_FILE, ENDED), ENDED],
  ] as const) {
    mkdirSync(out, { recursive: true });
    writeFileSync(target, ENDED);
    if (leftBefore !== undefined) writeFileSync(join(out, LOCK_FILE), leftBefore);
    symlinkSync(target, join(out, name));
    const { status, stderr } = billboard(installed, "build", ...words[0], "--out", out);
    t.equal(status, 1);
    t.equal(
      stderr,
      `billboard build: ${join(out, name)}: is a link, expected a file, or nothing, to write to: move it away, or name another\n`,
    );
    t.equal(readFileSync(target, "utf8"), ENDED);
    spawnSync("rm", ["-r", out]);
  }
});

await t.test("of two builds started together one at least publishes, and nothing is left of either", async (t) => {
  const installed = installedWithout(t);
  const { arguments: words, generations } = await twoGenerations(installed);
  for (let time = 0; time < 3; time++) {
    const out = join(installed, `out ${time}`);
    const builds = await Promise.all(words.map((each) => started(installed, ["build", ...each, "--out", out])));
    const done = generations.filter((_, at) => builds[at]!.status === 0);
    t.ok(done.includes(publishedCatalog(out).index.generation));
    for (const { status, stderr } of builds)
      if (status !== 0)
        t.match(stderr, /^billboard build: .*: another build or pull \(process \d+\) is running there: .*\n$/);
    t.strictSame(hidden(out), []);
  }
});

await t.test("of many processes one has the lock at a time, though some end without releasing it", async (t) => {
  const installed = installedWithout(t);
  const out = join(installed, "out");
  mkdirSync(out);
  const program = `
    import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
    const out = ${JSON.stringify(out)};
    let taken = 0;
    for (let turn = 0; turn < 300; turn++) {
      const lock = await lockFolder(out).catch((error) => { if (error.name !== "FolderBusyError") throw error; });
      if (lock === undefined) continue;
      taken++;
      // Throws where another has the lock too.
      mkdirSync(out + "/held");
      await new Promise(setImmediate);
      rmdirSync(out + "/held");
      if (turn % 3 > 0) await lock.release();
      else writeFileSync(lock.path, ${JSON.stringify(ENDED)});
    }
    process.stdout.write(String(taken));`;
  const children = Array.from({ length: 4 }, () => withLock(installed, program));
  const taken = await Promise.all(children.map((child) => text(child.stdout!)));
  for (const child of children) {
    if (child.exitCode === null) await once(child, "exit");
    t.equal(child.exitCode, 0);
  }
  t.ok(
    taken.every((count) => Number(count) > 0),
    taken.join(),
  );
});
