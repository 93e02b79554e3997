/** One connection on which bytes go out in pieces, and what came back by the time it was closed. */
import { connect } from "node:net";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";

export interface Outgoing {
  readonly pieces: readonly Buffer[];
  /**
   * How long to leave our side open after the last piece, or 0 to close it at once. Milliseconds; a first answer ends
   * it early.
   */
  readonly leftOpen: number;
}

export interface Incoming {
  /** Whether there was a connection at all. */
  readonly connected: boolean;
  readonly bytes: Buffer;
  /** The server has not closed its side a generous time after we closed ours. */
  readonly hung: boolean;
}

/**
 * Only a fault ever reaches it: a server closes a connection whose client has closed its side within a turn of its
 * event loop.
 */
const CLOSE_DEADLINE = 30_000;

export async function exchange(port: number, { pieces, leftOpen }: Outgoing): Promise<Incoming> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.setNoDelay();
  const received: Buffer[] = [];
  const state = { connected: false, ended: false };
  let answered: () => void = () => undefined;
  const answer = new Promise<void>((resolve) => (answered = resolve));
  socket.on("connect", () => {
    state.connected = true;
  });
  socket.on("data", (chunk: Buffer) => {
    received.push(chunk);
    answered();
  });
  const over = new Promise<void>((resolve) => {
    const end = (): void => {
      state.ended = true;
      answered();
      resolve();
    };
    socket.on("end", end);
    // A reset is how a server closes that has not read all: a refusal of what is still being sent.
    socket.on("error", end);
    socket.on("close", end);
  });
  for (const piece of pieces) {
    if (state.ended) break;
    socket.write(piece);
    await turn();
  }
  const gaveUp = new AbortController();
  const within = async (milliseconds: number, event: Promise<void>): Promise<void> => {
    await Promise.race([event, sleep(milliseconds, undefined, { signal: gaveUp.signal }).catch(() => undefined)]);
  };
  if (leftOpen > 0) await within(leftOpen, answer);
  if (!socket.destroyed) socket.end();
  await within(CLOSE_DEADLINE, over);
  gaveUp.abort();
  socket.destroy();
  return { bytes: Buffer.concat(received), connected: state.connected, hung: !state.ended };
}
