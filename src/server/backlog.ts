/** Tells connections on which replies without a body pile up unsent, of which the newer library ends each at once. */
import type { HttpResponse } from "uWebSockets.js";

const MAX_UNSENT = 32;
/** Connections are told apart for so many replies without a body after the last one that was not sent. */
const WATCHED_REPLIES = 10_000;
const MAX_CONNECTIONS = 65_536;

/** Only the newer library has it, and its declaration leaves it out. */
interface UndeclaredResponse {
  readonly getRemotePort?: () => number;
}

export class Backlog {
  readonly #unsent = new Map<string, number>();
  #watched = 0;

  /** Names the connection by its client's address; undefined while all clients take what they get. */
  connectionOf(response: HttpResponse): string | undefined {
    if (this.#watched === 0) return undefined;
    if (--this.#watched === 0) this.#unsent.clear();
    const port = (response as UndeclaredResponse).getRemotePort?.();
    return `${Buffer.from(response.getRemoteAddress()).toString("latin1")} ${port}`;
  }

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
