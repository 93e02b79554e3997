import { once } from "node:events";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import t from "tap";
import { decode } from "../../src/index-format.js";
import { Connection } from "./connection.js";
import { RunningServer } from "./running-server.js";
import { inEveryPeriod, range, smallIndex } from "./small-index.js";

/** Two indexes that share no banner. */
const FIRST = smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) }));
const SECOND = smallIndex(inEveryPeriod({ campaign: 1, converting: range(200, 211) }));
const generationOf = (bytes: Uint8Array): string => decode(Uint8Array.from(bytes)).generation;

/** Published as the builder does it. */
function publish(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Visitors who ask one request after the other until they are told to leave, the connection ends or `stop` is called. */
class Visitors {
  /** The banners they got. */
  readonly banners: number[] = [];
  readonly failures: string[] = [];
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(port: number, count: number) {
    this.#running = range(1, count).map(async () => this.#visit(port));
  }

  async #visit(port: number): Promise<void> {
    const connection = await Connection.open(port);
    for (let last = 0, leaving = false; !leaving && !this.#stopped;) {
      connection.send("GET /campaigns/1/ HTTP/1.1", `Cookie: last_banner=${last}`);
      try {
        const { status, headers } = await connection.answer();
        const banner = Number(/^last_banner=(\d+)/.exec(headers["set-cookie"] ?? "")?.[1]);
        if (status !== 200 || banner === last) this.failures.push(`${status}: banner ${banner} after ${last}`);
        this.banners.push((last = banner));
        leaving = headers["connection"] === "close";
      } catch (error) {
        this.failures.push(String(error));
        leaving = true;
      }
    }
    connection.socket.destroy();
  }

  /** Resolves when this many more answers have come. */
  async more(count: number): Promise<void> {
    const goal = this.banners.length + count;
    while (this.banners.length < goal && this.failures.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async gone(): Promise<void> {
    await Promise.all(this.#running);
  }
}

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

    const broken = Uint8Array.from(FIRST);
    broken[broken.length - 9]! ^= 1;
    publish(file, broken);
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

await t.test("SIGTERM and SIGINT under load end the server with 0 and fail no request", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const server = new RunningServer({ INDEX_FILE: file });
    const port = await server.ready();
    const visitors = new Visitors(port, 16);
    const idle = await Connection.open(port);
    await visitors.more(200);
    server.process.kill(signal);
    await visitors.gone();
    t.same(visitors.failures, [], `every request was answered, the last with Connection: close, after ${signal}`);
    t.equal(await server.exited, 0);
    await idle.closed;
    t.match(server.log.slice(-2), [{ event: "drain", signal }, { event: "stop" }]);
  }
});

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
  const cases: [environment: Record<string, string>, code: number, line: RegExp][] = [
    [
      { INDEX_FILE: join(dir, "none.bin") },
      1,
      /^billboard: .*none\.bin: there is no index: build one with `npm run build-index`\n$/,
    ],
    [{ INDEX_FILE: join(dir, "text.bin") }, 1, /^billboard: .*text\.bin: not a Billboard index: .*\n$/],
    [{ INDEX_FILE: dir }, 1, /^billboard: .*: cannot be read: .*\n$/],
    [{ PORT: "80x" }, 2, /^billboard: PORT: got "80x", expected a whole number from 0 to 65535\n$/],
  ];
  for (const [environment, code, line] of cases) {
    const server = new RunningServer(environment);
    t.equal(await server.exited, code);
    t.match(server.text, line);
    t.same(server.log, []);
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
  t.match(second.text, new RegExp(`^billboard: cannot listen on 127\\.0\\.0\\.1:${port}: the port is taken`));
  t.equal(
    readFileSync(join(dir, "first.pid"), "utf8"),
    `${first.process.pid!}\n`,
    "nor is the first's pid file touched",
  );
  const connection = await Connection.open(port);
  connection.send("GET /campaigns/1 HTTP/1.1");
  t.equal((await connection.answer()).status, 200);
  t.equal(await first.stop(), 0);
  t.notOk(existsSync(join(dir, "first.pid")), "the pid file goes with its process");
});

await t.test("with --announce the server says for people where the page is", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, FIRST);
  const server = new RunningServer({ INDEX_FILE: file, HOST: "0.0.0.0" }, "--announce");
  const port = await server.ready();
  t.equal(await server.stop(), 0);
  t.equal(server.text, `Billboard: open http://localhost:${port}/campaigns/1/ in a browser; Ctrl-C ends it.\n`);
});
