import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../tools/docs/documents.js";
import { environment, runsIn } from "./installed-package.js";

function npm(folder: string, ...words: string[]): string {
  return execFileSync("npm", words, { cwd: folder, encoding: "utf8", env: environment });
}

await t.test(
  "the package installs elsewhere, with what it needs and no more, builds an index and serves it",
  async (t) => {
    // Outside of the repository: below it, what is not installed would be found in its node_modules.
    const folder = mkdtempSync(join(tmpdir(), "billboard-package-"));
    t.teardown(() => {
      rmSync(folder, { recursive: true });
    });
    npm(ROOT, "pack", "--silent", "--ignore-scripts", "--pack-destination", folder);
    const [tarball] = readdirSync(folder);
    t.match(tarball, /^billboard-\d+\.\d+\.\d+\.tgz$/);
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, "package.json"), '{ "private": true }\n');
    const quick = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    npm(elsewhere, "install", "--silent", "--omit=dev", ...quick, `../${tarball!}`);

    const installed = join(elsewhere, "node_modules/billboard");
    for (const name of ["README.md", "LICENSE", "CHANGELOG.md", "docs/cli.md"])
      t.ok(existsSync(join(installed, name)), name);
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    t.same(
      files.filter((name) => /\.map$|\.ts$|^dist\/(test|bench)|\.png$/.test(name)),
      [],
    );
    for (const name of ["typescript", "tap", "eslint", "autocannon"])
      t.notOk(existsSync(join(elsewhere, "node_modules", name)), `${name} is not installed`);

    await runsIn(t, elsewhere, join(elsewhere, "node_modules/.bin/billboard"));
  },
);
