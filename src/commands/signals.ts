/** Receives signals from the first moment on, and hands them to the service once there is one. */
import { url as debuggerUrl } from "node:inspector";

interface Receiver {
  reload(): void;
  end(signal: NodeJS.Signals): Promise<void>;
}

let receiver: Receiver | undefined;
let reloadIsDue = false;

/** To be called before what takes long to load: until then SIGHUP ends the process, and SIGTERM not with 0. */
export function receiveSignals(): void {
  const isWindows = process.platform === "win32";
  if (!isWindows)
    process.on("SIGHUP", () => {
      if (receiver === undefined) reloadIsDue = true;
      else receiver.reload();
    });
  // On Windows, SIGHUP says that the console's window is closed, and SIGBREAK is Ctrl-Break.
  const ends = ["SIGTERM", "SIGINT", ...(isWindows ? (["SIGHUP", "SIGBREAK"] as const) : [])] as const;
  for (const signal of ends)
    process.on(signal, () => {
      if (receiver === undefined) process.exit(0);
      void receiver.end(signal);
    });
  // Node.js would open a debugger, through which whoever may signal the process runs code in it.
  if (debuggerUrl() === undefined) process.on("SIGUSR1", () => undefined);
}

export function handSignalsTo(service: Receiver): void {
  receiver = service;
  if (reloadIsDue) service.reload();
}
