/** Runs the recorder thread: empties the rings often, and writes what was in them, until it is told to close. */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import type { FromRecorder, RecorderData, ToRecorder } from "./messages.js";
import { Recording } from "./recording.js";

const DRAIN_MS = 250;
const WRITE_MS = 500;

const main = parentPort!;
let onFolderMade: (reason: string | undefined) => void = () => undefined;
let making: Promise<void> | undefined;

const tell = (message: FromRecorder): void => {
  main.postMessage(message);
};

/** One request serves all that come meanwhile: files of two kinds may miss it together. */
function makeFolder(): Promise<void> {
  return (making ??= new Promise<void>((resolve, reject) => {
    onFolderMade = (reason) => {
      making = undefined;
      if (reason === undefined) resolve();
      else reject(new Error(reason));
    };
    tell({ kind: "make-folder" });
  }));
}

const recording = new Recording(workerData as RecorderData, {
  makeFolder,
  onFailing: (reason) => {
    tell({ kind: "failing", reason });
  },
  onWorks: () => {
    tell({ kind: "works" });
  },
});

const draining = setInterval(() => recording.drain(), DRAIN_MS);
const writing = setInterval(() => {
  recording.drain();
  recording.noticeHang();
  void recording.flush();
}, WRITE_MS);

async function close(): Promise<void> {
  clearInterval(draining);
  clearInterval(writing);
  while (!(await recording.finish())) await sleep(DRAIN_MS);
  main.close();
}

main.on("message", (message: ToRecorder) => {
  switch (message.kind) {
    case "commit": {
      const { number } = message;
      recording.commit(message.rows).then(
        () => {
          tell({ kind: "committed", number });
        },
        () => {
          // Why is told as `failing`.
          tell({ kind: "refused", number });
        },
      );
      break;
    }
    case "folder-made":
      onFolderMade(message.reason);
      break;
    case "close":
      void close();
  }
});
tell({ kind: "ready" });
