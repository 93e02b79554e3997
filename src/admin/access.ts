/** Lets in those who have the token: programs by a header, people by a session that they log in to. */
import type { IncomingMessage } from "node:http";
import { isByHttps } from "./guard.js";
import type { Refusal, Tells } from "./route.js";
import { SESSION_SECONDS, Sessions } from "./sessions.js";
import { tokenTest } from "./token.js";
import { WrongTokens } from "./wrong-tokens.js";

const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="billboard"' };

export class Access {
  readonly #isToken: ((sent: string) => boolean) | undefined;
  readonly #allowedHosts: readonly string[];
  readonly #now: () => number;
  readonly #sessions = new Sessions();
  readonly #wrong = new WrongTokens();

  constructor(token: string | undefined, allowedHosts: readonly string[], now: () => number) {
    this.#isToken = token === undefined ? undefined : tokenTest(token);
    this.#allowedHosts = allowedHosts;
    this.#now = now;
  }

  refusal(message: IncomingMessage, tells: Tells, isLoopback: boolean): Refusal | undefined {
    if (this.#isToken === undefined || tells === "nothing" || (tells === "figures" && isLoopback)) return undefined;
    if (this.hasSession(message)) return undefined;
    const [, sent] = /^bearer +(\S+) *$/i.exec(message.headers.authorization ?? "") ?? [];
    if (sent !== undefined) return this.#tokenRefusal(message, sent);
    const text =
      "This asks for the server's token, as `Authorization: Bearer TOKEN`; commands take it from ADMIN_TOKEN.";
    return { reason: "no-token", status: 401, text, headers: CHALLENGE };
  }

  /** The cookie of a new session, or why there is none. */
  logIn(message: IncomingMessage, token: string): string | Refusal {
    const refusal = this.#tokenRefusal(message, token);
    return refusal ?? this.#cookie(message, this.#sessions.begin(this.#now()), SESSION_SECONDS);
  }

  logOut(message: IncomingMessage): string {
    this.#sessions.end(sessionIn(message));
    return this.#cookie(message, "", 0);
  }

  hasSession(message: IncomingMessage): boolean {
    return this.#sessions.has(sessionIn(message), this.#now());
  }

  #tokenRefusal({ socket }: IncomingMessage, sent: string): Refusal | undefined {
    const address = socket.remoteAddress ?? "";
    const waitMs = this.#wrong.waitOf(address, this.#now());
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1000);
      const text = `Too many wrong tokens came from this address: try again in ${seconds} s.`;
      return { reason: "too-many-tries", status: 429, text, headers: { "Retry-After": String(seconds) } };
    }
    if (this.#isToken!(sent)) {
      this.#wrong.forget(address);
      return undefined;
    }
    this.#wrong.note(address, this.#now());
    return { reason: "wrong-token", status: 401, text: "That is not the server's token.", headers: CHALLENGE };
  }

  #cookie(message: IncomingMessage, id: string, seconds: number): string {
    const secure = isByHttps(message.headers, this.#allowedHosts) ? "; Secure" : "";
    return `${nameOf(message)}=${id}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
  }
}

/** Browsers send a cookie to all ports of a host: with one name, two servers of a machine would end each other's. */
function nameOf({ socket }: IncomingMessage): string {
  return `billboard_session_${socket.localPort ?? "socket"}`;
}

function sessionIn(message: IncomingMessage): string {
  const start = `${nameOf(message)}=`;
  const cookies = message.headers.cookie?.split("; ") ?? [];
  return cookies.find((cookie) => cookie.startsWith(start))?.slice(start.length) ?? "";
}
