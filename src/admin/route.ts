/** Describes a route of the administration port, and writes its replies. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { unlessCurrent, type CacheableReply, type ReadyReply } from "../response/reply.js";

export { JSON_TYPE, reply, replyJson, TEXT } from "../private-port/reply.js";

export const HTML = "text/html; charset=utf-8";

export interface AdminRequest {
  readonly message: IncomingMessage;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Where a token is set, "nothing" does not need it, "figures" needs it except on loopback, and "secrets" always. */
export type Tells = "nothing" | "figures" | "secrets";

export const REFUSAL_REASONS = ["host", "origin", "site", "no-token", "wrong-token", "too-many-tries"] as const;

export interface Refusal {
  readonly reason: (typeof REFUSAL_REASONS)[number];
  readonly status: 401 | 403 | 429;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: "GET" | "POST";
  readonly tells: Tells;
  readonly isPage?: boolean;
  readonly handle: (response: ServerResponse, request: AdminRequest) => void | Promise<void>;
}

/** By path. `/folder/` has all that is below it. */
export type Routes = Readonly<Record<string, Route>>;

export function get(handle: Route["handle"], tells: Tells = "secrets"): Route {
  return { method: "GET", tells, handle };
}

/** A page that a link of another site may open. */
export function getPage(handle: Route["handle"]): Route {
  return { ...get(handle), isPage: true };
}

export function replyCacheable(response: ServerResponse, message: IncomingMessage, cacheable: CacheableReply): void {
  const current = unlessCurrent(cacheable, {
    getHeader: (name) => String(message.headers[name] ?? ""),
    // node:http has joined the lines of one name already.
    forEach: () => undefined,
  });
  replyReady(response, current);
}

export function replyReady(response: ServerResponse, { headers, body }: Pick<ReadyReply, "headers" | "body">): void {
  const [status = "", ...lines] = Buffer.from(headers)
    .toString("latin1")
    // Of the public port: nothing of this one is for another site's page.
    .replace("-Resource-Policy: cross-origin", "-Resource-Policy: same-origin")
    .split("\r\n");
  response.writeHead(Number.parseInt(status), [
    ...lines.flatMap((line) => line.split(/: (.*)/s, 2)),
    ...(body.length > 0 ? ["Content-Length", String(Buffer.byteLength(body))] : []),
  ]);
  response.end(body);
}
