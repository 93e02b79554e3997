/** Opens standard output so that no write to it waits: a reader that stands still would hold the main thread. */
import { constants, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Output } from "./line-writer.js";

const STDOUT = 1;

export function openOutput(): Output {
  const descriptor = (isatty(STDOUT) ? openTerminal() : undefined) ?? STDOUT;
  // As soon as it is asked for, Node.js has writes to a pipe or a socket fail where they would wait (O_NONBLOCK). What
  // else goes there, such as a thread's output, is no reason to end either.
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
