/** Compares responses so far as all servers must answer alike: status, names of headers, length of the body. */
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Visit } from "./traffic.js";

export interface ResponseShape {
  readonly status: number;
  readonly headers: readonly string[];
  readonly length: number;
}

/** Added by an HTTP library or a proxy, so servers may differ in them. */
const OF_THE_LIBRARY: readonly string[] = ["connection", "date", "keep-alive", "server", "uwebsockets"];

export async function responseTo(port: number, { path, cookie }: Visit): Promise<ResponseShape> {
  const sent = request({ host: "127.0.0.1", port, path, agent: false, headers: cookie === "" ? {} : { cookie } });
  return new Promise((resolve, reject) => {
    sent.once("error", reject).once("response", (response) => {
      const headers = Object.keys(response.headers).filter((name) => !OF_THE_LIBRARY.includes(name));
      buffer(response).then((body) => {
        resolve({ status: response.statusCode!, headers: headers.sort(), length: body.length });
      }, reject);
    });
    sent.end();
  });
}

export function differenceOf(expected: ResponseShape, got: ResponseShape): string | undefined {
  if (got.status !== expected.status) return `status ${got.status}, expected ${expected.status}`;
  const missing = expected.headers.filter((name) => !got.headers.includes(name));
  if (missing.length > 0) return `no header ${missing.join(", ")}`;
  const more = got.headers.filter((name) => !expected.headers.includes(name));
  if (more.length > 0) return `a header more: ${more.join(", ")}`;
  return got.length === expected.length ? undefined : `a body of ${got.length} bytes, expected ${expected.length}`;
}
