import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { bareProgram, BILLBOARD } from "../billboard.js";
import { FIRST, generationOf, publish, SECOND } from "../published.js";
import { BareServer, RunningServer } from "../running-server.js";
import { Visitors } from "../visitors.js";

const SIGNALS = pathToFileURL(join(import.meta.dirname, "first-moment.js")).href;
const HELD = `--import=${pathToFileURL(join(import.meta.dirname, "../held-load.js")).href}`;

function indexFile(t: Test): string {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  return file;
}

await t.test("SIGHUP before the program is loaded is a reload once it serves", async (t) => {
  const server = new RunningServer({
    INDEX_FILE: indexFile(t),
    NODE_OPTIONS: `--import=${SIGNALS}`,
    FIRST_SIGNAL: "SIGHUP",
  });
  await server.ready();
  t.match(await server.next("reload"), { result: "unchanged" });
  t.equal(await server.stop(), 0);
});

for (const signal of ["SIGTERM", "SIGINT"])
  await t.test(`${signal} before the program is loaded ends it with 0`, async (t) => {
    const server = new RunningServer({
      INDEX_FILE: indexFile(t),
      NODE_OPTIONS: `--import=${SIGNALS}`,
      FIRST_SIGNAL: signal,
    });
    t.equal(await server.exited, 0);
    t.same([server.text, server.log], ["", []]);
  });

await t.test("SIGHUP and SIGTERM at any moment of a start: it ends with 0 and says nothing of an error", async (t) => {
  const INDEX_FILE = indexFile(t);
  const trial = new BareServer({ INDEX_FILE, WORKERS: "2" });
  const begin = performance.now();
  await trial.ready();
  const startMs = performance.now() - begin;
  t.equal(await trial.stop(), 0);
  const MOMENTS = 16;
  const ended = Array.from({ length: MOMENTS }, async (_, moment) => {
    // A few at a time.
    await sleep((moment % 4) * 10);
    const server = new BareServer({ INDEX_FILE, WORKERS: "2" });
    // What comes before the first line of the program is the platform's: a signal ends it then.
    await sleep((startMs * 1.2 * moment) / MOMENTS);
    server.process.kill("SIGHUP");
    server.process.kill("SIGTERM");
    return [await server.exited, server.process.signalCode, server.text, server.warnings] as const;
  });
  let ordinary = 0;
  for (const [code, signal, text, warnings] of await Promise.all(ended)) {
    t.same([text, warnings], ["", []]);
    if (code === 0) ordinary++;
    else t.ok(signal === "SIGHUP" || signal === "SIGTERM", `${String(code)}, ${String(signal)}`);
  }
  t.ok(ordinary > 0, `${ordinary} of ${MOMENTS} had come to their first line`);
});

await t.test("SIGTERM during a reload ends the server with 0, and no visitor notices", async (t) => {
  const file = indexFile(t);
  for (let moment = 0; moment < 4; moment++) {
    publish(file, FIRST);
    const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
    const visitors = new Visitors(await server.ready(), 4);
    await visitors.more(50);
    publish(file, SECOND);
    server.process.kill("SIGHUP");
    await sleep(moment * 4);
    server.process.kill("SIGTERM");
    await visitors.gone();
    t.same([visitors.failures, await server.exited, server.warnings], [[], 0, []]);
  }
});

await t.test("SIGHUP during a drain changes nothing, not even the end", async (t) => {
  const file = indexFile(t);
  const server = new RunningServer({ INDEX_FILE: file, SHUTDOWN_DELAY: "1" });
  await server.ready();
  server.process.kill("SIGTERM");
  await server.next("drain");
  publish(file, SECOND);
  server.process.kill("SIGHUP");
  t.equal(await server.exited, 0);
  t.notOk(server.log.some(({ event }) => event === "reload"));
});

await t.test("SIGHUP while the first index is loaded, and SIGTERM with it", async (t) => {
  const server = new RunningServer({ INDEX_FILE: indexFile(t), NODE_OPTIONS: HELD });
  await server.next("start");
  server.process.kill("SIGHUP");
  t.equal(await server.stop(), 0);
});

await t.test("SIGUSR1 opens no debugger, unless one was asked for", async (t) => {
  const INDEX_FILE = indexFile(t);
  const server = new BareServer({ INDEX_FILE });
  const port = await server.ready();
  server.process.kill("SIGUSR1");
  const visitors = new Visitors(port, 1);
  await visitors.more(20);
  await visitors.stop();
  t.equal(await server.stop(), 0);
  t.equal(server.text, "", "no word of a debugger");
  const debugged = spawn(process.execPath, ["--inspect=127.0.0.1:0", BILLBOARD, "serve"], {
    env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0", INDEX_FILE },
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.match(String((await once(debugged.stderr, "data"))[0]), /Debugger listening/);
  debugged.kill("SIGKILL");
  await once(debugged, "exit");
});

/** The signal goes to what a supervisor started, and nobody is left over. */
async function ends(t: Test, child: ChildProcess, pid: number, signal: NodeJS.Signals): Promise<void> {
  let log = "";
  child.stdout!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  while (!log.includes('"event":"ready"')) await once(child.stdout!, "data");
  process.kill(pid, signal);
  await once(child, "close");
  t.match(log, /"event":"drain".*\n.*"event":"stop"/);
}

for (const signal of ["SIGTERM", "SIGINT"] as const)
  await t.test(`npm start passes ${signal} on`, async (t) => {
    const child = spawn("npm", ["start", "--silent"], {
      cwd: join(import.meta.dirname, "../../../.."),
      env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0", INDEX_FILE: indexFile(t) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    // Its output closes when the last process that has it ends.
    await ends(t, child, child.pid!, signal);
  });

const UNSHARE = ["--map-root-user", "--fork", "--pid", "--kill-child"] as const;
const cannot = spawnSync("unshare", [...UNSHARE, "true"]).status === 0 ? false : "unshare may not make a PID namespace";
if (cannot !== false && process.env["PROGRAMS"] === "required") throw new Error(`PROGRAMS=required, but ${cannot}`);

await t.test("as PID 1 of a container it does the same", { skip: cannot }, async (t) => {
  const file = indexFile(t);
  const [program, ...words] = bareProgram(BILLBOARD, "serve");
  // The server says its number of the world outside, which only the world outside knows.
  const child = spawn("unshare", [...UNSHARE, program, ...words], {
    env: { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0", INDEX_FILE: file },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const said = async (words: RegExp): Promise<void> => {
    while (!words.test(log)) await once(child.stdout, "data");
  };
  await said(/"event":"ready"/);
  const pid = Number(readFileSync(`/proc/${child.pid!}/task/${child.pid!}/children`, "utf8"));
  publish(file, SECOND);
  process.kill(pid, "SIGHUP");
  await said(new RegExp(`"event":"reload","result":"replaced","generation":"${generationOf(SECOND)}"`));
  process.kill(pid, "SIGUSR1");
  process.kill(pid, "SIGTERM");
  const [code] = (await once(child, "close")) as [number | null];
  t.equal(code, 0);
  t.match(log, /"event":"drain".*\n.*"event":"stop"/);
});
