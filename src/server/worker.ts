/** A worker thread: serves the public port from the index that the main thread hands it. */
import { parentPort, workerData } from "node:worker_threads";
import { Answers } from "../response/router.js";
import { Catalog } from "../index/catalog.js";
import { collectGarbage } from "./collect-garbage.js";
import { decodeChecked } from "../index/format.js";
import { publishLoopDelay } from "./loop-delay.js";
import { Server, type ServerEvents } from "./uws.js";
import type { FromWorker, ToWorker, WorkerData } from "./messages.js";

// Answers that are kept lie in blocks of this size, and not of Node.js' 8 kB: each block has a record of its own, and with 10,000 banners
// those are so many that a request waited for one from memory. It took 0.9 of the processor time then (docs/performance.md). Much larger
// ones would stay for the sake of a few answers that are kept.
Buffer.poolSize = 65_536;

const main = parentPort!;
const { settings, host, port, accessLogSample, counters } = workerData as WorkerData;
let server: Server | undefined;

const tell = (message: FromWorker): void => {
  main.postMessage(message);
};

const events: ServerEvents = {
  onFault: (error, method, path) => {
    tell({ kind: "fault", error, method, path });
  },
  onRequest: (request) => {
    tell({ kind: "request", request });
  },
};

/** The first index opens the port. */
async function take(index: Uint8Array): Promise<void> {
  const answers = new Answers(new Catalog(decodeChecked(index)), settings, Math.random, Date.now, counters);
  if (server !== undefined) {
    server.use(answers);
    tell({ kind: "taken" });
    // Once what is under way in this turn has let go of the one before.
    setImmediate(collectGarbage);
    return;
  }
  server = new Server(answers, events, accessLogSample);
  try {
    await server.listen(host, port, true);
    tell({ kind: "listening" });
  } catch {
    // The main thread knows where.
    tell({ kind: "cannot-listen" });
    main.close();
  }
}

async function drain(deadline: number): Promise<void> {
  const finished = (await server?.drain(deadline)) ?? true;
  tell({ kind: "drained", finished });
  main.close();
}

main.on("message", (message: ToWorker) => {
  if (message.kind === "take") void take(message.index);
  else if (message.kind === "drain") void drain(message.deadline);
  else process.exit(0);
});
// However this thread ends, by a fault as well: one that ends with open sockets takes the whole process with it.
process.on("exit", () => server?.close());
publishLoopDelay(counters);
