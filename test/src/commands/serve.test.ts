import { existsSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import { readPidFile } from "../../../src/commands/pid-file.js";
import { Connection } from "../server/connection.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";
import { freePort } from "../../../tools/free-port.js";
import { RunningServer } from "../running-server.js";
import { range } from "../small-index.js";
import { Visitors } from "../visitors.js";

await t.test(
  "SIGHUP takes up a good index, and keeps the old one for a broken or a missing file, with no request failing",
  async (t) => {
    const file = join(t.testdir(), "index.bin");
    publish(file, FIRST);
    const server = new RunningServer({ INDEX_FILE: file });
    const visitors = new Visitors(await server.ready(), 8);
    const reload = async (): Promise<Readonly<Record<string, unknown>>> => {
      server.process.kill("SIGHUP");
      const verdict = await server.next("reload");
      await visitors.more(200);
      return verdict;
    };
    await visitors.more(200);
    t.ok(visitors.banners.every((banner) => banner < 200));

    publish(file, SECOND);
    t.match(await reload(), { result: "replaced", generation: generationOf(SECOND) });
    t.ok(
      visitors.banners.slice(-50).every((banner) => banner >= 200),
      "the new index is served",
    );

    publish(file, broken());
    t.match(await reload(), {
      result: "refused",
      generation: generationOf(SECOND),
      reason: /index\.bin: altered: .* build it anew/,
    });
    rmSync(file);
    t.match(await reload(), {
      result: "refused",
      reason: /index\.bin: there is no index: build one with `npm run build-index`/,
    });
    t.ok(
      visitors.banners.slice(-50).every((banner) => banner >= 200),
      "the old one goes on",
    );

    publish(file, SECOND);
    t.match(await reload(), { result: "unchanged" });
    await visitors.stop();
    t.same(visitors.failures, []);
    t.equal(await server.stop(), 0);
  },
);

await t.test(
  "SIGTERM and SIGINT under load end the server with 0, and every request that was accepted is answered",
  async (t) => {
    const file = join(t.testdir(), "index.bin");
    publish(file, FIRST);
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const server = new RunningServer({ INDEX_FILE: file, WORKERS: "2" });
      const port = await server.ready();
      const staying = new Visitors(port, 16);
      const coming = new Visitors(port, 16, { reconnect: true });
      const idle = await Connection.open(port);
      await Promise.all([staying.more(200), coming.more(200)]);
      server.process.kill(signal);
      await Promise.all([staying.gone(), coming.gone()]);
      t.equal(await server.exited, 0);
      await idle.closed;
      t.same(staying.failures, [], `the last answer to each has Connection: close, after ${signal}`);
      t.equal(staying.refused, 0);
      t.same(coming.failures, []);
      t.equal(coming.refused, 16, "who comes afterwards finds the port closed");
      const answers = staying.banners.length + coming.banners.length;
      t.match(server.log.slice(-2), [
        { event: "drain", signal },
        { event: "stop", requests: answers },
      ]);
    }
  },
);

await t.test("a second SIGTERM ends the server at once", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  // Long enough that only the second signal can be what ends it.
  const server = new RunningServer({ INDEX_FILE: file, SHUTDOWN_TIMEOUT: "3600" });
  const port = await server.ready();
  const visitors = range(1, 2).map(async () => Connection.open(port));
  const [first] = await Promise.all(visitors);
  server.process.kill("SIGTERM");
  await server.next("drain");
  server.process.kill("SIGTERM");
  t.equal(await server.exited, 1);
  t.match(await server.next("stop"), { msg: /second signal/ });
  await first?.closed;
});

await t.test("a server that cannot start says why in one line, and how to mend it", async (t) => {
  const dir = t.testdir({ "text.bin": "a,b\n1,2\n" });
  publish(join(dir, "good.bin"), FIRST);
  const cases: [environment: Record<string, string>, code: number, line: RegExp][] = [
    [
      { INDEX_FILE: join(dir, "none.bin") },
      1,
      /^billboard serve: .*none\.bin: there is no index: build one with `npm run build-index`\n$/,
    ],
    [{ INDEX_FILE: join(dir, "text.bin") }, 1, /^billboard serve: .*text\.bin: not a Billboard index: .*\n$/],
    [{ INDEX_FILE: dir }, 1, /^billboard serve: .*: cannot be read: .*\n$/],
    [
      { PORT: "80", ADMIN_PORT: "80", HOST: "192.0.2.1" },
      1,
      /^billboard serve: cannot listen on 192\.0\.2\.1:80: the address is not this machine's: set HOST to one that is\n$/,
    ],
    [
      { ADMIN_HOST: "192.0.2.1", ADMIN_TOKEN: "0123456789abcdef" },
      1,
      /^billboard serve: cannot listen on 192\.0\.2\.1:0: the address is not this machine's: set ADMIN_HOST .*\n$/,
    ],
    [
      { HOST: "nothing.invalid" },
      1,
      /^billboard serve: cannot listen on nothing\.invalid:0: the name does not resolve: set HOST .*\n$/,
    ],
    [
      { HEALTH_HOST: "192.0.2.1", HEALTH_PORT: "0" },
      1,
      /^billboard serve: cannot listen on 192\.0\.2\.1:0: the address is not this machine's: set HEALTH_HOST .*\n$/,
    ],
    [
      { INDEX_FILE: join(dir, "good.bin"), PID_FILE: join(dir, "none/pid") },
      1,
      /^billboard serve: PID_FILE: .*none\/pid cannot be written: .*\n$/,
    ],
    [{ WORKERS: "two" }, 2, /^billboard serve: WORKERS: got "two", expected a whole number from 1 to 256\n$/],
    [{ PORT: "80x" }, 2, /^billboard serve: PORT: got "80x", expected a whole number from 0 to 65535\n$/],
  ];
  for (const [environment, code, line] of cases) {
    const server = new RunningServer(environment);
    t.equal(await server.exited, code);
    t.match(server.text, line);
    t.notOk(server.log.some(({ event }) => event === "ready"));
  }
});

await t.test("a second copy on the same port ends with 1, and the first serves on", async (t) => {
  const dir = t.testdir();
  const file = join(dir, "index.bin");
  publish(file, FIRST);
  // A number of its own: the kernel does not share a port that it chose itself, whatever the server asks for.
  const port = await freePort();
  const first = new RunningServer({ INDEX_FILE: file, PORT: String(port), PID_FILE: join(dir, "first.pid") });
  t.equal(await first.ready(), port);
  const second = new RunningServer({ INDEX_FILE: file, PORT: String(port), PID_FILE: join(dir, "first.pid") });
  t.equal(await second.exited, 1);
  t.match(second.text, new RegExp(`^billboard serve: cannot listen on 127\\.0\\.0\\.1:${port}: the port is taken`));
  t.equal(readPidFile(join(dir, "first.pid"))?.pid, first.process.pid, "nor is the first's pid file touched");
  const connection = await Connection.open(port);
  connection.send("GET /campaigns/1 HTTP/1.1");
  t.equal((await connection.answer()).status, 200);
  t.equal(await first.stop(), 0);
  t.notOk(existsSync(join(dir, "first.pid")), "the pid file goes with its process");
});

await t.test(
  "whoever connects to the claim on the port gets nothing, and harms nobody",
  { skip: process.platform === "linux" ? false : "only Linux has names of this kind" },
  async (t) => {
    const file = join(t.testdir(), "index.bin");
    publish(file, FIRST);
    const server = new RunningServer({ INDEX_FILE: file });
    const port = await server.ready();
    for (let visit = 0; visit < 20; visit++) {
      const socket = connect(`\0billboard:127.0.0.1:${port}`);
      const closed = new Promise((resolve) => socket.on("error", () => undefined).on("close", resolve));
      socket.write("x".repeat(100_000));
      if (visit % 2 === 0) socket.destroy();
      await closed;
      t.equal(socket.bytesRead, 0);
    }
    const connection = await Connection.open(port);
    connection.send("GET /campaigns/1 HTTP/1.1");
    t.equal((await connection.answer()).status, 200);
    connection.socket.destroy();
    t.equal(await server.stop(), 0);
  },
);

await t.test("wrong options are one line, and 2", async (t) => {
  for (const [words, line] of [
    [["--port", "80x"], /^billboard serve: --port: got "80x", expected a whole number from 0 to 65535\n$/],
    [["--nonsense"], /^billboard serve: Unknown option '--nonsense'.*\n$/],
    [["8080"], /^billboard serve: .*'8080'.*\n$/],
  ] as const) {
    const server = new RunningServer({ PORT: "0" }, ...words);
    t.equal(await server.exited, 2);
    t.match(server.text, line);
  }
});

/** What a start says last, to people. */
function announced({ port, adminPort }: Readonly<Record<string, unknown>>, file: string): string {
  return (
    `Index:     generation ${generationOf(FIRST)}, 4 periods, 1 campaign, 12 banners (${file})\n` +
    `Page:      http://localhost:${String(port)}/campaigns/1/\n` +
    `Dashboard: http://127.0.0.1:${String(adminPort)}/\n`
  );
}

await t.test("with --announce the server says for people what it serves and where, after its log", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, HOST: "0.0.0.0" }, "--announce");
  const ready = await server.next("ready");
  t.equal(await server.stop(), 0);
  t.equal(server.text, announced(ready, file));
});

await t.test("without it, and with no terminal, nothing but JSON is written", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file });
  await server.ready();
  t.equal(await server.stop(), 0);
  t.equal(server.text, "");
});

await t.test("on a terminal the log is for people, and what is served comes last of a start", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const terminal = `--import=${pathToFileURL(join(import.meta.dirname, "terminal.js")).href}`;
  const [port, adminPort] = [await freePort(), await freePort()];
  const environment = { INDEX_FILE: file, HOST: "0.0.0.0", NODE_OPTIONS: terminal };
  const server = new RunningServer(environment, `--port=${port}`, `--admin-port=${adminPort}`);
  const said = announced({ port, adminPort }, file);
  await server.said(said);
  const start = server.text;
  t.match(start, /^\[\d\d:\d\d:\d\d\] INFO: .*"event":"start"/);
  t.match(start, /\n\[\d\d:\d\d:\d\d\] INFO: .*"event":"ready"/);
  t.ok(start.endsWith(said));
  t.equal(await server.stop(), 0);
  t.match(server.text, /"event":"stop"/);
  t.same(server.log, [], "no line is JSON");
});
