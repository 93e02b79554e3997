/** Keeps the sessions of people who have logged in, in memory: they end with the server, or after half a day. */
import { createHash, randomBytes } from "node:crypto";

export const SESSION_SECONDS = 43_200;
const MAX_SESSIONS = 1000;

/** Only the hash is kept, so that the time of a look-up tells nothing of an id. */
const hashOf = (id: string): string => createHash("sha256").update(id).digest("hex");

export class Sessions {
  /** When each ends, the oldest first. */
  readonly #ends = new Map<string, number>();

  begin(now: number): string {
    const id = randomBytes(32).toString("base64url");
    this.#ends.set(hashOf(id), now + SESSION_SECONDS * 1000);
    if (this.#ends.size > MAX_SESSIONS) this.#ends.delete(this.#ends.keys().next().value!);
    return id;
  }

  has(id: string, now: number): boolean {
    return (this.#ends.get(hashOf(id)) ?? 0) > now;
  }

  end(id: string): void {
    this.#ends.delete(hashOf(id));
  }
}
