/** Writes replies that nobody caches. */
import type { ServerResponse } from "node:http";

export const TEXT = "text/plain; charset=utf-8";
export const JSON_TYPE = "application/json";

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
  // node:http sends no body to HEAD.
  response.end(body);
}

export function replyJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  reply(response, status, JSON_TYPE, `${JSON.stringify(value)}\n`, headers);
}
