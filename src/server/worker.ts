/** Runs a worker thread: serves the public port from the index that the main thread hands it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Catalog } from "../index/catalog.js";
import { decodeChecked, type IndexParts } from "../index/format.js";
import { HEARTBEATS } from "../response/counters.js";
import { Router } from "../response/router.js";
import { collectGarbage } from "./collect-garbage.js";
import { ConnectionCounter } from "./connection-limit.js";
import { openServer } from "./engine.js";
import { publishLoopDelay } from "./loop-delay.js";
import type { FromWorker, ToWorker, WorkerData } from "./messages.js";
import type { PublicServer, ServerEvents } from "./public-server.js";

// Cached pages in blocks above 8 kB: with 10,000 banners, 0.9 of the processor time (docs/performance.md).
Buffer.poolSize = 65_536;

const HEARTBEAT_MS = 250;

const main = parentPort!;
const { engine, response, host, port, accessLogSample, worker, counters, connections } = workerData as WorkerData;
let server: PublicServer | undefined;
let prepared: Router | undefined;
/** Whether another index than the one that is served may be in memory. */
let isGarbageDue = false;

const tell = (message: FromWorker): void => {
  main.postMessage(message);
};

function routerOf(index: IndexParts): Router {
  return new Router(new Catalog(decodeChecked(index)), response, Math.random, Date.now, counters);
}

async function start(index: IndexParts): Promise<void> {
  const events: ServerEvents = {
    onError: (error, method, path) => {
      tell({ kind: "error", error, method, path });
    },
    onRequest: (request) => {
      tell({ kind: "request", request });
    },
  };
  const counter = new ConnectionCounter(connections, worker, counters);
  server = await openServer(engine, { router: routerOf(index), events, sample: accessLogSample, counter });
  try {
    await server.listen(host, port);
    tell({ kind: "listening" });
  } catch {
    // Without the error: the main thread knows the address.
    tell({ kind: "cannot-listen" });
    main.close();
  }
}

function prepare(index: IndexParts): void {
  isGarbageDue = true;
  try {
    prepared = routerOf(index);
    tell({ kind: "ready" });
  } catch (error) {
    tell({ kind: "failed", error });
  }
}

function swap(): void {
  if (prepared !== undefined) server?.use(prepared);
  discard();
  tell({ kind: "swapped" });
}

function discard(): void {
  prepared = undefined;
  // Later, when this turn has let go of the old index.
  setImmediate(collectDue);
}

function collectDue(): void {
  if (isGarbageDue) collectGarbage();
  isGarbageDue = false;
}

function release(): void {
  if (server?.cutStale() === true) isGarbageDue = true;
  // What is cut is closed at the end of this turn, and holds its index until then.
  void nextTurn()
    .then(() => nextTurn())
    .then(() => {
      collectDue();
      tell({ kind: "released" });
    });
}

async function drain(deadlineMs: number): Promise<void> {
  tell({ kind: "drained", finished: (await server?.drain(deadlineMs)) ?? true });
  main.close();
}

main.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "start":
      void start(message.index);
      break;
    case "release":
      release();
      break;
    case "prepare":
      prepare(message.index);
      break;
    case "swap":
      swap();
      break;
    case "discard":
      discard();
      break;
    case "drain":
      void drain(message.deadlineMs);
      break;
    case "leave":
      process.exit(0);
  }
});
// Also after an error: a thread that ends with open sockets aborts the whole process.
process.on("exit", () => server?.close());
publishLoopDelay(counters);
setInterval(() => counters[HEARTBEATS]!++, HEARTBEAT_MS).unref();
