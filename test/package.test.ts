import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import { ROOT } from "../tools/docs/documents.js";

/** What npm itself sets for the scripts that it runs would have it install here. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command|config_local_prefix)|INIT_CWD|NODE_)/.test(name),
  ),
);

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

    cpSync(join(ROOT, "data"), join(elsewhere, "data"), { recursive: true });
    const built = spawnSync("npx", ["--no", "billboard", "build"], {
      cwd: elsewhere,
      encoding: "utf8",
      env: environment,
    });
    t.equal(built.status, 0, built.stderr);
    t.ok(existsSync(join(elsewhere, "dist-index/index.bin")));
    t.ok(existsSync(join(elsewhere, "dist-index/report.html")));

    const program = join(elsewhere, "node_modules/.bin/billboard");
    const words = ["serve", "--host", "127.0.0.1", "--port", "0", "--admin-port", "0", "--workers", "1"];
    const server = spawn(program, words, { cwd: elsewhere, env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(server, "exit") as Promise<[code: number | null]>;
    let ready: Readonly<Record<string, unknown>> = {};
    for await (const line of createInterface({ input: server.stdout })) {
      ready = JSON.parse(line) as typeof ready;
      if (ready["event"] === "ready") break;
    }
    server.stdout.resume();
    t.equal(ready["event"], "ready");
    const page = await fetch(`http://127.0.0.1:${String(ready["port"])}/campaigns/1/`);
    t.equal(page.status, 200);
    t.match(await page.text(), /<img src="\/campaigns\/banners\/image_\d+\./);
    const dashboard = `http://127.0.0.1:${String(ready["adminPort"])}`;
    const html = await (await fetch(dashboard)).text();
    const assets = [...html.matchAll(/(?:src|href)="([^":]+\.(?:js|css|svg))"/g)].map(([, path]) => path!);
    t.ok(assets.length >= 3);
    for (const path of assets) t.equal((await fetch(new URL(path, dashboard))).status, 200, path);
    server.kill("SIGTERM");
    t.same((await ended)[0], 0);
  },
);
