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
  process.on("SIGHUP", () => {
    if (receiver === undefined) reloadIsDue = true;
    else receiver.reload();
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const)
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
