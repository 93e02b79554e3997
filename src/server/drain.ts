/** Closes a port without a request that is lost, and waits until its clients are done. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/** How long the port must be quiet before what is still connected counts as idle. */
const QUIET_MS = 500;
const POLL_MS = 20;

/** What a server that drains knows of its clients. */
export interface Clients {
  readonly connections: number;
  /** Whether a response is on its way. */
  readonly isBusy: boolean;
  /** When something was received or sent, by `performance.now()`. */
  readonly lastActivity: number;
}

/** Resolves with true when no client is left but idle ones, or with false after the deadline. */
export async function drainPort(close: () => void, clients: () => Clients, deadlineMs: number): Promise<boolean> {
  const start = performance.now();
  // Closing the port resets connections that nobody has accepted yet; the event loop accepts them between these two.
  await nextTurn();
  await nextTurn();
  close();
  while (performance.now() - start < deadlineMs) {
    await sleep(POLL_MS);
    const { connections, isBusy, lastActivity } = clients();
    if (connections === 0 || (!isBusy && performance.now() - lastActivity >= QUIET_MS)) return true;
  }
  return false;
}
