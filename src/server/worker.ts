/** Runs a worker thread: serves the public port from the index that the main thread hands it. */
import { parentPort, workerData } from "node:worker_threads";
import { clockStandingIn } from "../decision/period.js";
import { Catalog } from "../index/catalog.js";
import { decodeChecked, type IndexParts } from "../index/format.js";
import { freeOld, noteMemory, requireFreed } from "../index/memory.js";
import { DecisionRecorder } from "../response/decision-recorder.js";
import { HEARTBEATS } from "../response/counters.js";
import { Router } from "../response/router.js";
import { TurnedAway } from "../response/turned-away.js";
import { ConnectionCounter } from "./connection-limit.js";
import { openServer } from "./engine.js";
import { publishLoopDelay } from "./loop-delay.js";
import type { FromWorker, ToWorker, WorkerData } from "./messages.js";
import type { PublicServer, ServerEvents } from "./public-server.js";

// Cached pages in blocks above 8 kB: with 10,000 banners, 0.9 of the processor time (docs/performance.md).
Buffer.poolSize = 65_536;

const HEARTBEAT_MS = 250;
const TELL_TURNED_AWAY_MS = 1000;

const main = parentPort!;
const { engine, response, fixedPeriod, host, port, accessLogSample, worker, counters, connections, recording } =
  workerData as WorkerData;
const recorder = recording && new DecisionRecorder(recording, worker, counters);
const turnedAway = new TurnedAway(counters);
let server: PublicServer | undefined;
let served: IndexParts = [];
let prepared: { readonly router: Router; readonly index: IndexParts } | undefined;

const tell = (message: FromWorker): void => {
  main.postMessage(message);
};

function routerOf(index: IndexParts): Router {
  noteMemory(index);
  const catalog = new Catalog(decodeChecked(index));
  const { periods } = catalog.index.counts;
  const now = fixedPeriod === undefined ? Date.now : clockStandingIn(fixedPeriod, response.timeZone, periods);
  return new Router(catalog, response, Math.random, now, counters, turnedAway, recorder);
}

async function start(index: IndexParts): Promise<void> {
  served = index;
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
  try {
    prepared = { router: routerOf(index), index };
    tell({ kind: "ready" });
  } catch (error) {
    tell({ kind: "failed", error });
  }
}

function swap(): void {
  if (prepared !== undefined) {
    server?.use(prepared.router);
    served = prepared.index;
  }
  discard();
  tell({ kind: "swapped" });
}

function discard(): void {
  prepared = undefined;
  // Later, when this turn has let go of the old index.
  setImmediate(() => freeOld(served));
}

async function release(): Promise<void> {
  server?.cutStale();
  try {
    await requireFreed(served);
    tell({ kind: "released" });
  } catch (error) {
    tell({ kind: "failed", error });
  }
}

async function drain(deadlineMs: number): Promise<void> {
  tell({ kind: "drained", finished: (await server?.drain(deadlineMs)) ?? true });
  main.close();
}

function handle(message: Exclude<ToWorker, { kind: "start" | "leave" }>): void {
  switch (message.kind) {
    case "release":
      void release();
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
  }
}

let started: Promise<void> = Promise.resolve();
main.on("message", (message: ToWorker) => {
  if (message.kind === "leave") process.exit(0);
  if (message.kind === "start") started = start(message.index);
  // What comes meanwhile is for the server that is being opened.
  else
    void started.then(() => {
      handle(message);
    });
});
// Also after an error: a thread that ends with open sockets aborts the whole process.
process.on("exit", () => server?.close());
publishLoopDelay(counters);
setInterval(() => counters[HEARTBEATS]!++, HEARTBEAT_MS).unref();
setInterval(() => {
  const origins = turnedAway.take();
  if (origins !== undefined) tell({ kind: "turned-away", origins });
}, TELL_TURNED_AWAY_MS).unref();
