import { spawnSync } from "node:child_process";
import { openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t, { type Test } from "tap";
import { buildSample } from "../built-sample.js";
import { RunningServer } from "../running-server.js";

t.setTimeout(120_000);

const sample = t.testdir();
await buildSample(sample);

const HANGING_DISK = pathToFileURL(join(import.meta.dirname, "hanging-disk.js")).href;

interface HangingServer {
  readonly server: RunningServer;
  readonly conversions: string;
  readonly record: string;
  /** The disk goes on. */
  readonly goOn: () => void;
}

/** A server that records to a disk on which each fdatasync hangs. */
async function startHanging(t: Test): Promise<HangingServer> {
  const folder = t.testdir();
  const [key, pipe, record] = [join(folder, "key"), join(folder, "pipe"), join(folder, "rec")];
  writeFileSync(key, "7".repeat(64), { mode: 0o600 });
  t.equal(spawnSync("mkfifo", [pipe]).status, 0);
  const server = new RunningServer({
    NODE_OPTIONS: `--import=${HANGING_DISK}`,
    HANGS: pipe,
    INDEX_FILE: join(sample, "index.bin"),
    WORKERS: "1",
    RECORD: record,
    RECORD_KEY_FILE: key,
    CONVERSION_PORT: "0",
  });
  t.teardown(() => server.process.kill("SIGKILL"));
  const { conversionPort } = await server.next("ready");
  return {
    server,
    conversions: `http://127.0.0.1:${String(conversionPort)}/conversions`,
    record,
    goOn: () => openSync(pipe, "w"),
  };
}

const order = (id: string): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ conversion_id: id, click_id: "c", revenue: 1 }),
});

await t.test("conversions that wait for the disk when the server is to end are confirmed", async (t) => {
  const { server, conversions, record, goOn } = await startHanging(t);
  const waiting = fetch(conversions, order("1"));
  await server.said("the disk hangs");
  server.process.kill("SIGTERM");
  await server.next("stop");
  goOn();
  t.equal((await waiting).status, 202);
  t.equal(await server.exited, 0);
  t.equal(readdirSync(record).filter((name) => name.startsWith("conversions-")).length, 1);
});

await t.test("a server ends at its signal, also where the disk that it records to hangs", async (t) => {
  const { server, conversions } = await startHanging(t);
  const waiting = fetch(conversions, order("1"));
  await server.said("the disk hangs");
  server.process.kill("SIGTERM");
  t.equal((await waiting).status, 503);
  await server.exited;
  t.equal(server.process.signalCode, "SIGKILL", "nothing else ends a thread in a call of the system");
  t.match(
    server.warnings.map(({ state }) => state),
    ["unfinished"],
  );
});

await t.test(
  "a disk that hangs is told, conversions are to be sent again, and it is told when it goes on",
  async (t) => {
    const { server, conversions, goOn } = await startHanging(t);
    const waiting = fetch(conversions, order("1"));
    await server.said("the disk hangs");
    const isIn = (state: string): boolean => server.log.some((line) => line["state"] === state);
    while (!isIn("failing")) await server.next("recording");
    t.equal((await waiting).status, 503);
    t.equal((await fetch(conversions, order("1"))).status, 503, "at once");
    goOn();
    while (!isIn("works")) await server.next("recording");
    t.equal((await fetch(conversions, order("1"))).status, 202);
    t.equal(await server.stop(), 0);
  },
);
