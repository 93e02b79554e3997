import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { ROOT } from "../../../tools/docs/documents.js";
import { environment, runsIn } from "../../installed-package.js";

const STAGE = join(ROOT, "tools/stage/stage.mjs");

function stage(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  // A registry where nobody listens: nothing is asked of it.
  const env = { ...environment, npm_config_registry: "http://127.0.0.1:9/" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [STAGE, ...words], { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** Outside of the repository: below it, what is not there would be found in its node_modules. */
function emptyFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), "billboard-stage-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => lstatSync(join(folder, name)).isFile());

const binariesIn = (folder: string): string[] =>
  filesIn(folder)
    .filter((name) => /\.(node|bare)$/.test(name))
    .sort();

await t.test("what runs in production is staged, small and without binaries of other machines, and runs", async (t) => {
  const folder = emptyFolder(t);
  const { status, stdout, stderr } = stage(folder);
  t.equal(status, 0, stderr);
  const platform = `${process.platform}-${process.arch}`;
  const [, packages, megabytes] = /: (\d+) packages, ([\d.]+) MB, for Node\.js [\d.]+ on [a-z0-9-]+\n$/.exec(stdout)!;

  const files = filesIn(folder);
  const size = files.reduce((sum, name) => sum + lstatSync(join(folder, name)).size, 0);
  t.ok(size < 60e6, `${size} bytes`);
  t.equal(megabytes, (size / 1e6).toFixed(1));
  const found = files.filter((name) => /(^|node_modules\/(@[^/]+\/)?[^/]+\/)package\.json$/.test(name));
  t.equal(found.length, Number(packages));
  t.ok(found.length < 60, `${found.length} packages`);

  for (const name of ["LICENSE", "CHANGELOG.md", "docs/cli.md", "dist/ui/report.js"])
    t.ok(existsSync(join(folder, name)), name);
  t.same(
    files.filter((name) => /^dist\/(.*\.map$|test|bench)|^node_modules\/(typescript|tap|esbuild)\//.test(name)),
    [],
  );
  const binaries = binariesIn(folder);
  const own = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`;
  const inLibrary = join("node_modules/uWebSockets.js", own);
  t.equal(binaries.includes(inLibrary), existsSync(join(ROOT, inLibrary)));
  t.same(
    binaries.filter((name) => !name.endsWith(own) && !name.includes(platform)),
    [],
  );
  await runsIn(t, folder, join(folder, "dist/bin/billboard.js"));
});

await t.test("binaries of several platforms and versions of Node.js are staged where they are named", (t) => {
  const folder = emptyFolder(t);
  const { status, stdout, stderr } = stage(folder, "--platforms", "linux-x64,linux-arm64", "--nodes", "20,24");
  t.equal(status, 0, stderr);
  t.match(stdout, / for Node\.js 20, 24 on linux-x64, linux-arm64\n$/);
  t.same(
    binariesIn(join(folder, "node_modules/uWebSockets.js")),
    ["arm64_115", "arm64_137", "x64_115", "x64_137"].map((name) => `uws_linux_${name}.node`),
  );
  t.same(readdirSync(join(folder, "node_modules/fs-native-extensions/prebuilds")), ["linux-arm64", "linux-x64"]);
  t.end();
});

await t.test("what cannot be staged is said in one line, and nothing is changed", (t) => {
  const folder = emptyFolder(t);
  t.match(stage(), { status: 1, stdout: "", stderr: /^usage: .*\n$/ });
  t.match(stage(folder, "--nodes", "18"), { status: 1, stderr: /^--nodes: "18" is none of 20, .*\n$/ });
  t.match(stage(folder, "--platforms", "linux"), { status: 1, stderr: /^--platforms: "linux" .*\n$/ });
  writeFileSync(join(folder, "mine"), "");
  t.match(stage(folder), { status: 1, stderr: /: there is something in it: name an empty folder,.*\n$/ });
  t.same(readdirSync(folder), ["mine"]);
  t.end();
});
