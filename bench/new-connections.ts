/** A running server to how many connections a second it takes that are for one request each. */
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { drive, type Load, type Saturation } from "./saturation.js";
import type { Visit } from "./traffic.js";
import { requireNoErrors, type WrkCount } from "./wrk.js";

/** How a server ends a connection whose client asked for it: it says so in its answer, as most do, or it just closes. */
export type Closing = "says" | "silent";

/** How long a server may take to close. Milliseconds. */
const PATIENCE = 5_000;

/** @throws Error where the server leaves the connection open */
export async function closingOf(port: number, { path }: Visit): Promise<Closing> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(PATIENCE, () => {
    socket.destroy(new Error(`it leaves a connection open whose client asked for "Connection: close"`));
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  const answer = await text(socket);
  return /^connection: *close\r$/im.test(answer.split("\r\n\r\n", 1)[0]! + "\r") ? "says" : "silent";
}

/**
 * wrk closes where the answer says so. Otherwise it sends its next request into the connection that the server has closed, and counts a
 * read error when it finds out; so each connection but the last ones has one answer and one read error, or something is wrong.
 * That request without an answer costs the server some of what is measured.
 */
export function requireOneEach({ requests, errors, ...rest }: WrkCount, closing: Closing, connections: number): void {
  requireNoErrors({ requests, errors, ...rest }, { read: closing === "says" ? 0 : requests });
  if (closing === "silent" && errors.read < requests - connections)
    throw new Error(`${requests} answers, and only ${errors.read} connections that the server has closed`);
}

/** Connections a second, and the processor time of each. @throws Error as an `Outcome`, or the reason of `signal` */
export async function takeConnections(
  load: Load,
  seconds: number,
  visit: Visit,
  signal: AbortSignal,
): Promise<Saturation> {
  const closing = await closingOf(load.port, visit);
  const [outcome] = await drive([{ ...load, closes: true }], seconds, signal);
  return outcome!((count) => {
    requireOneEach(count, closing, load.connections);
  });
}
