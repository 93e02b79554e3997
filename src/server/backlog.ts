/** Tells connections on which replies without a body pile up unsent, of which the newer library ends each at once. */
import type { HttpResponse } from "uWebSockets.js";

/** Unsent replies that a connection may have. */
const MAX_UNSENT = 32;
/** Replies without a body after the last one that was not sent, until connections are told apart no longer. */
const WATCHED_REPLIES = 10_000;
const MAX_CONNECTIONS = 65_536;

/** What the newer library has, and its declaration leaves out. */
interface UndeclaredResponse {
  readonly getRemotePort?: () => number;
}

export class Backlog {
  /** By connection: how many of its replies in a row were not sent. */
  readonly #unsent = new Map<string, number>();
  #watched = 0;

  /** Names the connection by its client's address; undefined while all clients take what they get. */
  connectionOf(response: HttpResponse): string | undefined {
    if (this.#watched === 0) return undefined;
    if (--this.#watched === 0) this.#unsent.clear();
    const port = (response as UndeclaredResponse).getRemotePort?.();
    return `${Buffer.from(response.getRemoteAddress()).toString("latin1")} ${port}`;
  }

  /** Whether the connection is to be cut. */
  isFull(connection: string | undefined): boolean {
    if (connection === undefined || (this.#unsent.get(connection) ?? 0) < MAX_UNSENT) return false;
    this.#unsent.delete(connection);
    return true;
  }

  /** @param isSent whether the library had nothing left to send after a reply */
  note(connection: string | undefined, isSent: boolean): void {
    if (!isSent) this.#watched = WATCHED_REPLIES;
    if (connection === undefined) return;
    if (isSent) this.#unsent.delete(connection);
    else {
      if (this.#unsent.size === MAX_CONNECTIONS) this.#unsent.clear();
      this.#unsent.set(connection, (this.#unsent.get(connection) ?? 0) + 1);
    }
  }
}
