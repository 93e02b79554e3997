import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { generationMark } from "../../../src/view/report-file.js";
import { billboard } from "../billboard.js";
import { RunningServer } from "../running-server.js";
import { INDEX, startAdmin } from "./running-admin.js";

/** A data set in which campaign 1 has banners 1 to so many. */
function build(folder: string, banners: number): void {
  const data = join(folder, "data");
  mkdirSync(join(data, "1"), { recursive: true });
  const rows = Array.from({ length: banners }, (_, at) => `${at + 1},1\n`);
  writeFileSync(join(data, "1/impressions.csv"), `banner_id,campaign_id\n${rows.join("")}`);
  const built = billboard(["build", "--data", data, "--out", folder, "--accept", "all", "--currency", "eur"]);
  t.equal(built.status, 0, built.stderr);
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function ask(adminPort: unknown, path: string, method = "GET"): Promise<Answered> {
  const response = await fetch(`http://127.0.0.1:${String(adminPort)}${path}`, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

await t.test("/report is the report of what is served: before, during and after a reload", async (t) => {
  const folder = t.testdir();
  build(folder, 3);
  const server = new RunningServer({ INDEX_FILE: join(folder, "index.bin"), WORKERS: "1" });
  const { adminPort, generation: first } = await server.next("ready");
  const report = await ask(adminPort, "/report");
  t.equal(report.status, 200);
  t.equal(report.text, readFileSync(join(folder, "report.html"), "utf8"));
  t.match(
    report.text,
    /<meta\s+http-equiv="Content-Security-Policy"\s+content="default-src 'none'; script-src 'sha256-/,
  );
  t.match(report.text, '<script type="application/json" id="settings">{"currency":"EUR","server":null}</script>');
  t.match(Object.fromEntries(report.headers), {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'none'",
  });
  t.match(await ask(adminPort, "/report", "HEAD"), { status: 200, text: "" });
  t.equal((await ask(adminPort, "/report", "POST")).status, 405);
  t.equal((await ask(adminPort, "/report/")).status, 404);

  // As while a build publishes: the report comes first, then the index, then the reload.
  build(folder, 4);
  const other = await ask(adminPort, "/report");
  const [, next] = /is of generation (\w+); generation \w+ is served\./.exec(other.text) ?? [];
  t.equal(other.status, 404);
  t.equal(other.headers.get("content-type"), "text/html; charset=utf-8");
  t.match(
    other.text,
    `The report beside the index is of generation ${next}; generation ${String(first)} is served.</p>`,
  );
  t.match(other.text, '<a href="/">');
  const [during, reload] = await Promise.all([ask(adminPort, "/report"), ask(adminPort, "/reload", "POST")]);
  t.match(reload, { status: 200, text: `"generation":"${next}"` });
  t.ok(during.status === 404 ? during.text === other.text : during.text.includes(generationMark(next!)));
  t.match(await ask(adminPort, "/report"), { status: 200, text: generationMark(next!) });
  rmSync(join(folder, "report.html"));
  t.match(await ask(adminPort, "/report"), { status: 404, text: "<p>There is no report beside the index.</p>" });
  t.equal(await server.stop(), 0);
});

await t.test("a link, a pipe and a page without its mark are no reports", async (t) => {
  const folder = t.testdir({ elsewhere: { "report.html": generationMark(INDEX.generation) } });
  const { ask, errors } = await startAdmin(t, {}, { indexFile: join(folder, "index.bin") });
  const path = join(folder, "report.html");
  renameSync(join(folder, "elsewhere/report.html"), path);
  t.match(await ask("GET", "/report"), { status: 200, body: generationMark(INDEX.generation) });
  renameSync(path, join(folder, "elsewhere/report.html"));
  symlinkSync("elsewhere/report.html", path);
  t.match(await ask("GET", "/report"), {
    status: 404,
    body: /cannot be read: .*report\.html: is a link, expected a file/,
  });
  rmSync(path);
  execFileSync("mkfifo", [path]);
  t.match(await ask("GET", "/report"), {
    status: 404,
    body: /cannot be read: .*report\.html: is a pipe, expected a file/,
  });
  rmSync(path);
  mkdirSync(path);
  t.match(await ask("GET", "/report"), { status: 404, body: /is a folder/ });
  rmSync(path, { recursive: true });
  for (const page of ["", "<html>", `${" ".repeat(5000)}${generationMark(INDEX.generation)}`]) {
    writeFileSync(path, page);
    t.match(await ask("GET", "/report"), {
      status: 404,
      body: /does not say of which generation it is; generation \w+ is/,
    });
  }
  t.same(errors, []);
});

await t.test("before the first index there is no report, and without the token there is none to see", async (t) => {
  const { ask } = await startAdmin(t, { index: () => undefined });
  t.match(await ask("GET", "/report"), { status: 503, body: "<p>There is no index yet.</p>" });
  const guarded = await startAdmin(t, {}, { token: "a-token-of-this-test" });
  t.equal((await guarded.ask("GET", "/report")).status, 401);
  t.equal((await guarded.ask("GET", "/report", { "Sec-Fetch-Site": "cross-site" })).status, 403);
});
