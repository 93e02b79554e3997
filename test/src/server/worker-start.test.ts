import t, { type Test } from "tap";
import { freePort } from "../../../tools/free-port.js";
import { newCounters } from "../../../src/response/counters.js";
import { newConnectionCounts } from "../../../src/server/connection-limit.js";
import { WorkerThread } from "../../../src/server/worker-thread.js";
import type { IndexParts } from "../../../src/index/format.js";
import { FIRST, generationOf, SECOND } from "../published.js";
import { SETTINGS } from "../response/response-settings.js";
import { ENGINE } from "./tested-engine.js";

function shared(bytes: Uint8Array): IndexParts {
  const parts = [new Uint8Array(new SharedArrayBuffer(bytes.length))];
  parts[0]!.set(bytes);
  return parts;
}

async function startedWithFirst(t: Test): Promise<{ thread: WorkerThread; port: number }> {
  const port = await freePort();
  const data = {
    engine: ENGINE,
    response: SETTINGS,
    host: "127.0.0.1",
    port,
    accessLogSample: 0,
    fixedPeriod: undefined,
    recording: undefined,
    worker: 1,
    counters: newCounters(),
    connections: newConnectionCounts(1),
  };
  const thread = new WorkerThread(data, shared(FIRST), () => undefined);
  t.teardown(() => thread.leave());
  return { thread, port };
}

await t.test("an index that comes while a worker starts is the one that it serves", async (t) => {
  const { thread, port } = await startedWithFirst(t);
  t.equal(await thread.ask({ kind: "prepare", index: shared(SECOND) }, "ready"), undefined);
  t.equal(await thread.ask({ kind: "swap" }, "swapped"), undefined);
  await thread.opened;
  const response = await fetch(`http://127.0.0.1:${port}/campaigns/1/banner.json`);
  t.match(await response.json(), { generation: generationOf(SECOND) });
  t.equal(await thread.ask({ kind: "release" }, "released"), undefined, "and it keeps no other");
});

await t.test("a worker that is to end while it starts ends", async (t) => {
  const { thread, port } = await startedWithFirst(t);
  t.equal(await thread.drain(60_000), true);
  await t.rejects(fetch(`http://127.0.0.1:${port}/campaigns/1/banner.json`));
});
