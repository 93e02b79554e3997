import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { missing } from "../needed-programs.js";
import { BILLBOARD, type Finished } from "../src/billboard.js";
import { TOKEN, tokenFolder } from "../src/commands/token-folder.js";
import { FIRST, generationOf, publish, SECOND } from "../src/published.js";
import { RunningServer } from "../src/running-server.js";

const PRELOAD = `--import=${pathToFileURL(join(import.meta.dirname, "../src/feigned-platform.js")).href}`;
const DATA = join(import.meta.dirname, "../../../data");

type Platform = "darwin" | "win32";
type Environment = Readonly<Record<string, string>>;

function billboardOn(platform: Platform, words: readonly string[], environment: Environment = {}): Finished {
  const env = { PATH: process.env["PATH"], FEIGNED_PLATFORM: platform, ...environment };
  return spawnSync(process.execPath, [PRELOAD, BILLBOARD, ...words], { encoding: "utf8", env });
}

function serverOn(platform: Platform, environment: Environment): RunningServer {
  // No other system's binary of uWebSockets.js can be loaded here.
  return new RunningServer({ ENGINE: "node", NODE_OPTIONS: PRELOAD, FEIGNED_PLATFORM: platform, ...environment });
}

function indexFile(t: Test): string {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  return file;
}

for (const platform of ["darwin", "win32"] as const) {
  await t.test(`${platform}: an index is built, put back, and its statistics are exported`, (t) => {
    const folder = t.testdir();
    const [out, statistics] = [join(folder, "out"), join(folder, "statistics")];
    mkdirSync(out);
    mkdirSync(statistics);
    const index = join(out, "index.bin");
    publish(index, FIRST);
    t.match(billboardOn(platform, ["build", "--data", DATA, "--out", out, "--accept", "all"]), {
      status: 0,
      stderr: "",
    });
    t.not(generationOf(readFileSync(index)), generationOf(FIRST));
    t.match(billboardOn(platform, ["export", "--index", index, "--out", statistics]), { status: 0, stderr: "" });
    t.same(readdirSync(folder).sort(), ["out", "statistics"]);
    t.same(readdirSync(statistics), ["1", "2", "3", "4"]);
    t.match(billboardOn(platform, ["rollback", "--out", out]), { status: 0, stderr: "" });
    t.equal(generationOf(readFileSync(index)), generationOf(FIRST));
    t.end();
  });

  await t.test(
    `${platform}: one worker serves, a second server is kept off, and a reload is by its address`,
    async (t) => {
      const INDEX_FILE = indexFile(t);
      const server = serverOn(platform, { INDEX_FILE });
      t.match(await server.next("start"), { workers: 1 });
      const { port, adminPort } = await server.next("ready");
      t.same(server.warnings, [], "no more workers were meant");
      t.equal((await fetch(`http://127.0.0.1:${String(port)}/campaigns/1/`)).status, 200);
      t.equal((await fetch(`http://127.0.0.1:${String(adminPort)}/metrics`)).status, 200);
      const second = serverOn(platform, { INDEX_FILE, PORT: String(port) });
      t.equal(await second.exited, 1);
      t.match(second.text, /^billboard serve: cannot listen on 127\.0\.0\.1:\d+: [^\n]*\n$/);
      publish(INDEX_FILE, SECOND);
      t.match(billboardOn(platform, ["reload", "--admin-port", String(adminPort)]), { status: 0, stderr: "" });
      t.match(await server.next("reload"), { result: "replaced", generation: generationOf(SECOND) });
      t.equal(await server.stop(), 0);
    },
  );
}

await t.test("darwin: SIGHUP is a reload, and a pid file finds the server", { skip: missing("ps") }, async (t) => {
  const INDEX_FILE = indexFile(t);
  const PID_FILE = join(t.testdir({ "index.bin": Buffer.from(FIRST) }), "billboard.pid");
  const server = serverOn("darwin", { INDEX_FILE, PID_FILE });
  await server.ready();
  server.process.kill("SIGHUP");
  t.match(await server.next("reload"), { result: "unchanged" });
  t.match(billboardOn("darwin", ["stop"], { PID_FILE }), { status: 0, stdout: "has ended" });
  t.equal(await server.exited, 0);
});

for (const signal of ["SIGHUP", "SIGINT"] as const)
  await t.test(`win32: ${signal}, by which a console ends programs, ends the server`, async (t) => {
    const server = serverOn("win32", { INDEX_FILE: indexFile(t) });
    await server.ready();
    server.process.kill(signal);
    t.match(await server.next("stop"), { requests: 0 });
    t.equal(await server.exited, 0);
  });

await t.test("a file of the token is held to its mode where there are modes", async (t) => {
  const { index, tokenFile } = tokenFolder(t);
  chmodSync(tokenFile, 0o666);
  const environment = { INDEX_FILE: index, ADMIN_TOKEN_FILE: tokenFile };
  const refused = serverOn("darwin", environment);
  t.equal(await refused.exited, 2);
  t.match(refused.text, "other users may read or change it");
  const server = serverOn("win32", environment);
  const { adminPort } = await server.next("ready");
  const url = `http://127.0.0.1:${String(adminPort)}/status.json`;
  t.equal((await fetch(url)).status, 401);
  t.equal((await fetch(url, { headers: { Authorization: `Bearer ${TOKEN}` } })).status, 200);
  t.equal(await server.stop(), 0);
});

await t.test("a Unix socket's path is held to the length that the system has", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "billboard-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  const index = join(folder, "index.bin");
  publish(index, FIRST);
  const ofLength = (bytes: number): string => join(folder, "s".repeat(bytes - Buffer.byteLength(folder) - 1));
  const start = (platform: Platform, ADMIN_SOCKET: string): RunningServer =>
    serverOn(platform, { INDEX_FILE: index, ADMIN_SOCKET });
  const longest = start("darwin", ofLength(103));
  t.match(await longest.next("ready"), { adminSocket: ofLength(103) });
  t.equal(await longest.stop(), 0);
  const longer = start("darwin", ofLength(104));
  t.equal(await longer.exited, 1);
  t.match(longer.text, "the path is too long: name a path of at most 103 bytes");
  const none = start("win32", ofLength(103));
  t.equal(await none.exited, 1);
  t.match(none.text, /^billboard serve: ADMIN_SOCKET: .*: Windows has no such sockets: use ADMIN_PORT in its place\n$/);
});
