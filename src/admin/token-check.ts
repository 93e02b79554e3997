/** Lets in the programs that send the token, and slows down those that send wrong ones. */
import type { IncomingMessage } from "node:http";
import { bearerTokenIn, CHALLENGE, tokenTest } from "../private-port/token.js";
import type { Refusal } from "./route.js";
import { WrongTokens } from "./wrong-tokens.js";

const MISSING =
  "This asks for the server's token, as `Authorization: Bearer TOKEN`; commands take it from ADMIN_TOKEN.";

export class TokenCheck {
  readonly #isToken: (sent: string) => boolean;
  readonly #now: () => number;
  readonly #wrong = new WrongTokens();

  constructor(token: string, now: () => number) {
    this.#isToken = tokenTest(token);
    this.#now = now;
  }

  /** By the header `Authorization: Bearer TOKEN`. */
  refusal(message: IncomingMessage): Refusal | undefined {
    const sent = bearerTokenIn(message);
    if (sent !== undefined) return this.refusalOf(message, sent);
    return { reason: "no-token", status: 401, text: MISSING, headers: CHALLENGE };
  }

  refusalOf({ socket }: IncomingMessage, sent: string): Refusal | undefined {
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
