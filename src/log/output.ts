/** Opens standard output so that no write to it waits: a reader that stands still would hold the main thread. */
import { constants, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Output } from "./line-writer.js";

const STDOUT = 1;

export function openOutput(): Output {
  const descriptor = (isatty(STDOUT) ? openTerminal() : undefined) ?? STDOUT;
  // Reading `process.stdout` sets O_NONBLOCK on a pipe or socket. Errors of other writers must not end the process.
  if (descriptor === STDOUT) process.stdout.on("error", () => undefined);
  return (bytes) => writeSync(descriptor, bytes);
}

/** Opened anew, since Node.js has writes to a terminal wait. Returns undefined where it is another user's. */
function openTerminal(): number | undefined {
  try {
    return openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}
