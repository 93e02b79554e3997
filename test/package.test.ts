import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../tools/docs/documents.js";
import { environment, runsIn } from "./installed-package.js";

// A registry where nobody listens, and an empty cache: the package brings all that it needs.
const npmSettings = { npm_config_registry: "http://127.0.0.1:9/", npm_config_audit: "false", npm_config_fund: "false" };

function npm(folder: string, cache: string, ...words: string[]): string {
  const env = { ...environment, ...npmSettings, npm_config_cache: cache };
  return execFileSync("npm", words, { cwd: folder, encoding: "utf8", env });
}

await t.test(
  "the package installs elsewhere without a registry, with what it needs and no more, builds an index and serves it",
  async (t) => {
    // Outside of the repository: below it, what is not installed would be found in its node_modules.
    const folder = mkdtempSync(join(tmpdir(), "billboard-package-"));
    t.teardown(() => {
      rmSync(folder, { recursive: true });
    });
    const cache = join(folder, "cache");
    npm(ROOT, cache, "run", "--silent", "pack", "--", join(folder, "packed"));
    const [tarball] = readdirSync(join(folder, "packed"));
    t.match(tarball, /^billboard-\d+\.\d+\.\d+\.tgz$/);
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "package.json"), '{ "private": true }\n');
    npm(elsewhere, cache, "install", "--silent", `../packed/${tarball!}`);

    const installed = join(elsewhere, "node_modules/billboard");
    for (const name of ["README.md", "LICENSE", "CHANGELOG.md", "docs/cli.md"])
      t.ok(existsSync(join(installed, name)), name);
    const files = readdirSync(elsewhere, { recursive: true, encoding: "utf8" });
    const ours = files.filter((name) => /^node_modules\/billboard\/(?!node_modules)/.test(name));
    t.same(
      ours.filter((name) => /\.map$|\.ts$|\/dist\/(test|bench)|\.png$/.test(name)),
      [],
    );
    const packages = files.filter((name) => /node_modules\/(@[^/]+\/)?[^/@]+\/package\.json$/.test(name));
    t.ok(packages.length > 40 && packages.length < 60, `${packages.length} packages`);
    t.same(
      packages.filter((name) => /\/(typescript|tap|eslint|esbuild)\//.test(name)),
      [],
    );
    const size = files.reduce((sum, name) => sum + lstatSync(join(elsewhere, name)).size, 0);
    t.ok(size < 60e6, `${size} bytes`);

    await runsIn(t, elsewhere, join(elsewhere, "node_modules/.bin/billboard"));
  },
);
