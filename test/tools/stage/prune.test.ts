import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { ROOT } from "../../../tools/docs/documents.js";

const { platform, arch, versions } = process;

await t.test("binaries that this machine never loads are removed from node_modules, and nothing else", (t) => {
  const folder = t.testdir();
  const own = [
    `lock/prebuilds/${platform}-${arch}/lock.node`,
    "lock/package.json",
    "uWebSockets.js/uws.js",
    `uWebSockets.js/uws_${platform}_${arch}_${versions.modules}.node`,
  ];
  const foreign = [
    `lock/prebuilds/${platform}-${arch}/lock.bare`,
    "lock/prebuilds/plan9-mips/lock.node",
    `uWebSockets.js/uws_${platform}_${arch}_1.node`,
    `uWebSockets.js/uws_${platform}_mips_${versions.modules}.node`,
    `uWebSockets.js/uws_plan9_${arch}_${versions.modules}.node`,
  ];
  for (const name of [...own, ...foreign]) {
    const file = join(folder, "node_modules", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, "x".repeat(1e5));
  }
  // Removes from the node_modules that it lies beside.
  cpSync(join(ROOT, "tools/stage"), join(folder, "tools/stage"), { recursive: true });
  const prune = (...words: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [join(folder, "tools/stage/prune.mjs"), ...words], { encoding: "utf8" });
  t.match(prune("--help"), { status: 2, stdout: "", stderr: /^usage: .*\n$/ });
  const { stdout } = prune();
  t.equal(stdout, "node_modules: 5 files removed, 0.5 MB\n");
  const left = readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true });
  t.same(
    new Set(left.filter((entry) => entry.isFile()).map((entry) => entry.name)),
    new Set(own.map((name) => name.split("/").at(-1)!)),
  );
  t.end();
});
