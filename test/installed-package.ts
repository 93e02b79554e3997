/** Runs Billboard as it was installed elsewhere: builds the sample's index and serves it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Test } from "tap";
import { ROOT } from "../tools/docs/documents.js";

/** What npm itself sets for the scripts that it runs would have it install here. */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle|command|config_local_prefix)|INIT_CWD|NODE_)/.test(name),
  ),
);

/** `program` is started in `folder`, where the sample and its index come to lie. */
export async function runsIn(t: Test, folder: string, program: string): Promise<void> {
  const options = { cwd: folder, env: environment } as const;
  cpSync(join(ROOT, "data"), join(folder, "data"), { recursive: true });
  const built = spawnSync(program, ["build"], { ...options, encoding: "utf8" });
  t.equal(built.status, 0, built.stderr);
  t.ok(existsSync(join(folder, "dist-index/index.bin")));
  t.ok(existsSync(join(folder, "dist-index/report.html")));

  const words = ["serve", "--host", "127.0.0.1", "--port", "0", "--admin-port", "0", "--workers", "1"];
  const server = spawn(program, words, { ...options, stdio: ["ignore", "pipe", "inherit"] });
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
  for (const path of [...assets, "/openapi.yaml", "/admin-api.yaml"])
    t.equal((await fetch(new URL(path, dashboard))).status, 200, path);
  server.kill("SIGTERM");
  t.same((await ended)[0], 0);
}
