/**
 * Imported into a server under test by NODE_OPTIONS, and by its threads with it: SIGUSR2 has the oldest worker thread
 * meet a fault, of the kind that FAULT names; the main thread where it is `main`. The server knows nothing of this, so
 * that no release can have it switched on.
 */
import { existsSync, writeSync } from "node:fs";
import { BroadcastChannel, isMainThread, threadId } from "node:worker_threads";

const FAULTS: Readonly<Record<string, () => void>> = {
  throw: () => {
    throw new Error("a fault of the test");
  },
  reject: () => {
    void Promise.reject(new Error("a fault of the test"));
  },
  exit: () => process.exit(7),
  /** Stands still until there is the file that GO_ON names, and says before that it does. */
  hold: () => {
    try {
      writeSync(1, '{"event":"held"}\n');
    } catch {
      // The log of a soak cannot always be written.
    }
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(process.env["GO_ON"]!)) Atomics.wait(never, 0, 0, 10);
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
    const oldest = threads.shift();
    channel.postMessage({ fault: oldest });
    // All others end the thread.
    if (process.env["FAULT"] === "hold" && oldest !== undefined) threads.push(oldest);
  });
} else {
  channel.onmessage = ({ data }: Message) => {
    if ("fault" in data && data.fault === threadId) FAULTS[process.env["FAULT"]!]!();
  };
  channel.postMessage({ started: threadId });
}
