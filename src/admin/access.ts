/** Lets in those who have the token: programs by a header, people by a session that they log in to. */
import type { IncomingMessage } from "node:http";
import { isByHttps } from "./guard.js";
import type { Refusal, Tells } from "./route.js";
import { SESSION_SECONDS, Sessions } from "./sessions.js";
import { TokenCheck } from "./token-check.js";

export class Access {
  readonly #check: TokenCheck | undefined;
  readonly #allowedHosts: readonly string[];
  readonly #now: () => number;
  readonly #sessions = new Sessions();

  constructor(token: string | undefined, allowedHosts: readonly string[], now: () => number) {
    this.#check = token === undefined ? undefined : new TokenCheck(token, now);
    this.#allowedHosts = allowedHosts;
    this.#now = now;
  }

  refusal(message: IncomingMessage, tells: Tells, isLoopback: boolean): Refusal | undefined {
    if (this.#check === undefined || tells === "nothing" || (tells === "figures" && isLoopback)) return undefined;
    return this.hasSession(message) ? undefined : this.#check.refusal(message);
  }

  /** The cookie of a new session, or why there is none. */
  logIn(message: IncomingMessage, token: string): string | Refusal {
    return (
      this.#check!.refusalOf(message, token) ??
      this.#cookie(message, this.#sessions.begin(this.#now()), SESSION_SECONDS)
    );
  }

  logOut(message: IncomingMessage): string {
    this.#sessions.end(sessionIn(message));
    return this.#cookie(message, "", 0);
  }

  hasSession(message: IncomingMessage): boolean {
    return this.#sessions.has(sessionIn(message), this.#now());
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
