/**
 * Packs Billboard with the packages that it needs, so that npm installs it without a registry, and without the 257 MB of
 * binaries that the HTTP library's package has: for Linux, where they are worth their size.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stage } from "./stage.mjs";
import { targetsOf } from "./targets.mjs";

const PLATFORMS = ["linux-x64", "linux-arm64"];
const NODES = ["20", "22", "24"];

const [to = ".", ...others] = process.argv.slice(2);
if (to.startsWith("-") || others.length > 0) {
  console.error("usage: node tools/stage/pack.mjs [FOLDER], where the tarball goes");
  process.exit(2);
}

const destination = resolve(to);
const folder = mkdtempSync(join(tmpdir(), "billboard-pack-"));
try {
  const { packages, bytes } = stage(folder, targetsOf(PLATFORMS, NODES));
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  manifest.bundleDependencies = Object.keys(manifest.dependencies);
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(destination, { recursive: true });
  const words = ["pack", "--silent", "--ignore-scripts", "--pack-destination", destination];
  execFileSync("npm", words, { cwd: folder, stdio: "ignore", shell: process.platform === "win32" });
  const name = join(destination, `${manifest.name}-${manifest.version}.tgz`);
  console.log(`${name}: ${packages} packages, ${(bytes / 1e6).toFixed(1)} MB when installed`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
