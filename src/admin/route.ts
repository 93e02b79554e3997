/** What a route of the administration port is, and how it replies. */
import type { IncomingMessage, ServerResponse } from "node:http";

export const TEXT = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";

export interface Asked {
  readonly request: IncomingMessage;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export type Handler = (response: ServerResponse, asked: Asked) => void | Promise<void>;

export interface Route {
  readonly method: "GET" | "POST";
  readonly handle: Handler;
}

/** By path. One that ends with a slash has all that is directly below it. */
export type Routes = Readonly<Record<string, Route>>;

export function get(handle: Handler): Route {
  return { method: "GET", handle };
}

/** @param headers further ones, and others in the place of those that every answer has */
export function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    "Content-Type": type,
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  // To HEAD, node:http sends no body.
  response.end(body);
}

export function replyJson(response: ServerResponse, status: number, value: unknown): void {
  reply(response, status, JSON_TYPE, `${JSON.stringify(value)}\n`);
}
