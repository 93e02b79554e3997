import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { ENGINE } from "../server/tested-engine.js";
import { metricsOf } from "../admin/metric.js";
import { BILLBOARD } from "../billboard.js";
import { freePort } from "../../../tools/free-port.js";
import { missing } from "../../needed-programs.js";
import { FIRST, publish, SECOND } from "../published.js";
import { Visitors } from "../visitors.js";

const DROPPED = "billboard_log_lines_dropped_total";
const FAULT = `--import=${pathToFileURL(join(import.meta.dirname, "../../../tools/soak/fault.js")).href}`;

/** What operators preload, such as a tracer, may print for itself, whatever has become of standard output. */
const PRINTING = "--import=data:text/javascript,setInterval(()=>console.log(1),10).unref()";

interface Served {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly dir: string;
  readonly port: number;
  readonly adminPort: number;
}

/** @param redirection of the server's standard output, as a shell has it; it stands in the folder of the test */
async function start(
  t: Test,
  redirection: string,
  environment: Readonly<Record<string, string>> = {},
  stdin: "ignore" | "pipe" = "ignore",
): Promise<Served> {
  const dir = t.testdirName;
  publish(join(dir, "index.bin"), FIRST);
  const [port, adminPort] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env["PATH"],
    ENGINE,
    HOST: "127.0.0.1",
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    INDEX_FILE: "index.bin",
    WORKERS: "2",
    ACCESS_LOG_SAMPLE: "1",
    PID_FILE: "pid",
    ...environment,
  };
  const words = ["-c", redirection, "sh", process.execPath, BILLBOARD, "serve"];
  const server = spawn("sh", words, { cwd: dir, env, stdio: [stdin, "pipe", "inherit"] });
  t.teardown(() => server.kill("SIGKILL"));
  const exited = once(server, "exit").then(([code]) => code as number | null);
  while (!existsSync(join(dir, "pid"))) {
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    await sleep(5);
  }
  return { process: server, exited, dir, port, adminPort };
}

async function visit({ port }: Served, count: number): Promise<readonly string[]> {
  const visitors = new Visitors(port, 4);
  await visitors.more(count);
  await visitors.stop();
  return visitors.failures;
}

/** As many as a server answers at once, however often they come. */
const AT_ONCE = 16;
const REQUESTS = "HEAD /campaigns/1/ HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(AT_ONCE);

/** Makes many requests quickly, until more lines have been dropped than so many. */
async function droppedMoreThan({ port, adminPort }: Served, count: number): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  for (;;) {
    const dropped = (await metricsOf(adminPort)).get(DROPPED)!;
    if (dropped > count) {
      socket.destroy();
      return dropped;
    }
    for (let round = 0; round < 60; round++) {
      socket.write(REQUESTS);
      let replies = "";
      while (replies.split("HTTP/1.1 200").length <= AT_ONCE)
        replies += ((await once(socket, "data")) as [Buffer])[0].toString("latin1");
    }
  }
}

/** All but the log goes on. */
async function goesOn(t: Test, server: Served): Promise<void> {
  const url = `http://127.0.0.1:${server.adminPort}`;
  publish(join(server.dir, "index.bin"), SECOND);
  t.match(await (await fetch(`${url}/reload`, { method: "POST" })).json(), { result: "replaced" });
  t.equal((await fetch(`${url}/readyz`)).status, 200);
  t.same(await visit(server, 200), []);
}

/** SIGTERM ends it with 0, a second or so later than the drain. */
async function ends(t: Test, server: Served): Promise<void> {
  server.process.kill("SIGTERM");
  t.equal(await server.exited, 0);
}

/** The events of a log; a line that is no JSON fails. */
const eventsIn = (log: string): { event: string; lines?: number }[] =>
  log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string });

await t.test("a file that may not grow (EFBIG) costs lines; they are counted, and said once it may", async (t) => {
  t.testdir();
  const server = await start(t, 'ulimit -f 16; exec "$@" >>log');
  const log = join(server.dir, "log");
  const first = await droppedMoreThan(server, 0);
  await goesOn(t, server);
  const dropped = await droppedMoreThan(server, first + 100);
  t.ok(readFileSync(log, "utf8").startsWith('{"level":30,'));
  truncateSync(log);
  t.same(await visit(server, 8), []);
  await ends(t, server);
  // The rest of a line that was begun comes first.
  const rest = readFileSync(log, "utf8");
  const events = eventsIn(rest.slice(rest.search(/^\{"level"/m)));
  const notices = events.filter(({ event }) => event === "log-dropped");
  t.match(notices, [
    { level: 50, lines: dropped, msg: `${dropped} log lines were dropped: they could not be written` },
  ]);
  t.ok(events.filter(({ event }) => event === "request").length >= 8);
  t.equal(events.at(-1)!.event, "stop");
});

await t.test(
  "a full disk (ENOSPC) from the first line on",
  { skip: existsSync("/dev/full") ? false : "there is no /dev/full" },
  async (t) => {
    t.testdir();
    const server = await start(t, 'exec "$@" >/dev/full');
    await droppedMoreThan(server, 100);
    await goesOn(t, server);
    await ends(t, server);
  },
);

/** What is in a pipe now. */
function readAll(descriptor: number): string {
  const buffer = Buffer.alloc(2 ** 22);
  let text = "";
  try {
    for (let length = -1; length !== 0;) {
      length = readSync(descriptor, buffer);
      text += buffer.toString("utf8", 0, length);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
  }
  return text;
}

await t.test("a pipe that nobody reads costs lines beyond those that wait, and nothing else", async (t) => {
  const fifo = join(t.testdir(), "log");
  t.equal(spawnSync("mkfifo", [fifo]).status, 0);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const server = await start(t, 'exec "$@" >log');
  const first = await droppedMoreThan(server, 0);
  await goesOn(t, server);
  const dropped = await droppedMoreThan(server, first + 1000);
  let log = "";
  while (!log.includes("log lines were dropped")) {
    log += readAll(reader);
    await sleep(5);
  }
  t.same(await visit(server, 8), []);
  server.process.kill("SIGTERM");
  while (server.process.exitCode === null) {
    log += readAll(reader);
    await sleep(5);
  }
  log += readAll(reader);
  t.equal(server.process.exitCode, 0);
  closeSync(reader);
  const events = eventsIn(log);
  const notices = events.filter(({ event }) => event === "log-dropped");
  t.equal(notices.length, 1);
  t.ok(notices[0]!.lines! >= dropped);
  t.ok(events.indexOf(notices[0]!) > 5000, "the lines that waited come first");
  t.equal(events.at(-1)!.event, "stop");
});

for (const [kind, redirection] of [
  ["pipe", 'mkfifo log; sleep 1000 <log & echo $! >sleeper; exec "$@" >log'],
  // What child processes are given here is one, and nobody reads it.
  ["socket", 'exec "$@"'],
] as const)
  for (const end of ["SIGTERM", "an unexpected error"])
    await t.test(`a ${kind} that nobody reads does not keep the process from ending by ${end}`, async (t) => {
      t.testdir();
      const server = await start(t, redirection, { NODE_OPTIONS: FAULT, FAULT: "main" });
      await droppedMoreThan(server, 0);
      const begin = performance.now();
      server.process.kill(end === "SIGTERM" ? "SIGTERM" : "SIGUSR2");
      t.equal(await server.exited, end === "SIGTERM" ? 0 : 1);
      const ms = performance.now() - begin;
      // A drain waits half a second for what is still on its way.
      t.ok(end === "SIGTERM" ? ms < 5000 : ms < 1000, `${ms} ms`);
      if (kind === "pipe") process.kill(Number(readFileSync(join(server.dir, "sleeper"), "utf8")));
      server.process.stdout?.destroy();
    });

for (const [kind, redirection] of [
  ["pipe", 'mkfifo log; cat <log >/dev/null & echo $! >reader; exec "$@" >log'],
  ["socket", 'exec "$@"'],
] as const)
  await t.test(`a ${kind} that its reader closes costs the lines that follow, and nothing else`, async (t) => {
    t.testdir();
    const server = await start(t, redirection, { NODE_OPTIONS: PRINTING });
    if (kind === "pipe") process.kill(Number(readFileSync(join(server.dir, "reader"), "utf8")));
    else server.process.stdout!.destroy();
    await droppedMoreThan(server, 0);
    await goesOn(t, server);
    await ends(t, server);
  });

await t.test("a healthy reader gets every line, a slow one too", async (t) => {
  t.testdir();
  const server = await start(t, 'exec "$@"');
  t.same(await visit(server, 5000), []);
  let log = "";
  server.process.stdout!.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const closed = once(server.process.stdout!, "close");
  await ends(t, server);
  await closed;
  const events = eventsIn(log);
  const requests = events.filter(({ event }) => event === "request").length;
  t.match(events.at(-1), { event: "stop", requests });
});

await t.test(
  "a stopped terminal (Ctrl-S) costs lines, and goes on with Ctrl-Q",
  { skip: missing("script") },
  async (t) => {
    t.testdir();
    writeFileSync(join(t.testdirName, "run"), 'exec "$NODE" "$BILLBOARD" serve\n');
    const server = await start(
      t,
      'exec script -q -c "sh run" /dev/null',
      { NODE: process.execPath, BILLBOARD, SHELL: "/bin/sh" },
      "pipe",
    );
    let seen = "";
    server.process.stdout!.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    server.process.stdin!.write("\x13");
    await droppedMoreThan(server, 0);
    await goesOn(t, server);
    t.notMatch(seen, /log lines were dropped/);
    server.process.stdin!.write("\x11");
    while (!/ERROR: \d+ log lines were dropped/.test(seen)) await sleep(5);
    const pid = Number(readFileSync(join(server.dir, "pid"), "utf8").split("\n", 1)[0]);
    process.kill(pid, "SIGTERM");
    t.equal(await server.exited, 0);
  },
);
