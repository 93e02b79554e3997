/** Lets in the programs that send the token, and slows down those that send wrong ones. */
import type { IncomingMessage } from "node:http";
import { tokenTest } from "./token.js";
import { WrongTokens } from "./wrong-tokens.js";

const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="billboard"' };

export interface TokenRefusal {
  readonly reason: "no-token" | "wrong-token" | "too-many-tries";
  readonly status: 401 | 429;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class TokenCheck {
  readonly #isToken: (sent: string) => boolean;
  readonly #missing: string;
  readonly #now: () => number;
  readonly #wrong = new WrongTokens();

  /** `missing` is said where none is sent. */
  constructor(token: string, missing: string, now: () => number) {
    this.#isToken = tokenTest(token);
    this.#missing = missing;
    this.#now = now;
  }

  /** By the header `Authorization: Bearer TOKEN`. */
  refusal(message: IncomingMessage): TokenRefusal | undefined {
    const [, sent] = /^bearer +(\S+) *$/i.exec(message.headers.authorization ?? "") ?? [];
    if (sent !== undefined) return this.refusalOf(message, sent);
    return { reason: "no-token", status: 401, text: this.#missing, headers: CHALLENGE };
  }

  refusalOf({ socket }: IncomingMessage, sent: string): TokenRefusal | undefined {
    const address = socket.remoteAddress ?? "";
    const waitMs = this.#wrong.waitOf(address, this.#now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const text = `Too many wrong tokens came from this address: try again in ${seconds} s.`;
      return { reason: "too-many-tries", status: 429, text, headers: { "Retry-After": String(seconds) } };
    }
    if (this.#isToken(sent)) {
      this.#wrong.forget(address);
      return undefined;
    }
    this.#wrong.note(address, this.#now());
    return { reason: "wrong-token", status: 401, text: "That is not the server's token.", headers: CHALLENGE };
  }
}
