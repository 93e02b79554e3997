/** Makes the oldest worker thread, or the main thread, meet the fault that FAULT names, at SIGUSR2. */
// Imported by NODE_OPTIONS: the server knows nothing of it, so that no release can have it switched on.
import { existsSync, writeSync } from "node:fs";
import { BroadcastChannel, isMainThread, parentPort, threadId } from "node:worker_threads";

function hold(): void {
  try {
    writeSync(1, '{"event":"held"}\n');
  } catch {
    // The log of a soak cannot always be written.
  }
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(process.env["GO_ON"]!)) Atomics.wait(never, 0, 0, 10);
}

const FAULTS: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error("a fault of the test");
  },
  reject: () => {
    void Promise.reject(new Error("a fault of the test"));
  },
  exit: () => process.exit(7),
  /** The thread that takes its place stands still before it listens, as all do from the start without GO_ON. */
  "hold-start": () => process.exit(7),
  hold,
  "hold-swap": () => {
    const post = parentPort!.postMessage.bind(parentPort);
    parentPort!.postMessage = (message: { kind: string }) => {
      post(message);
      // At once: in a later turn, the swap may have come before.
      if (message.kind === "ready") hold();
    };
    writeSync(1, '{"event":"armed"}\n');
  },
};

interface Message {
  readonly data: { readonly started: number } | { readonly fault: number };
}

const channel = new BroadcastChannel("fault");
channel.unref();
if (isMainThread) {
  const threads: number[] = [];
  channel.onmessage = ({ data }: Message) => {
    if ("started" in data) threads.push(data.started);
  };
  process.on("SIGUSR2", () => {
    if (process.env["FAULT"] === "main") throw new Error("a fault of the test");
    if (process.env["FAULT"] === "main-busy") {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4500);
      writeSync(1, '{"event":"busy"}\n');
      return;
    }
    strike();
  });
  // A thread may report its start only after the server is ready.
  const strike = (): void => {
    const fault = threads.shift();
    if (fault === undefined) {
      setTimeout(strike, 10);
      return;
    }
    channel.postMessage({ fault });
    // All other faults end the thread.
    if (process.env["FAULT"] === "hold") threads.push(fault);
  };
} else {
  channel.onmessage = ({ data }: Message) => {
    if ("fault" in data && data.fault === threadId) FAULTS[process.env["FAULT"]!]!();
  };
  channel.postMessage({ started: threadId });
  if (process.env["FAULT"] === "hold-start") hold();
}
