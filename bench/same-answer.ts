/** A server to what it answers, so far as all contenders must answer the same: status, names of headers, length of the body. */
import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { Visit } from "./traffic.js";

export interface AnswerShape {
  readonly status: number;
  /** In lower case, in the order of the alphabet. */
  readonly headers: readonly string[];
  /** Bytes. */
  readonly length: number;
}

/** Headers in which contenders may differ: those that an HTTP library or a proxy has of its own accord. */
export const OF_THE_LIBRARY: readonly string[] = ["connection", "date", "keep-alive", "server", "uwebsockets"];

export async function shapeOfAnswer(port: number, { path, cookie }: Visit): Promise<AnswerShape> {
  const sent = request({ host: "127.0.0.1", port, path, agent: false, headers: cookie === "" ? {} : { cookie } });
  return new Promise((resolve, reject) => {
    sent.once("error", reject).once("response", (response) => {
      const names = Object.keys(response.headers).filter((name) => !OF_THE_LIBRARY.includes(name));
      buffer(response).then((body) => {
        resolve({ status: response.statusCode!, headers: names.sort(), length: body.length });
      }, reject);
    });
    sent.end();
  });
}

/** What is not the same, as the end of a sentence, or undefined. */
export function differenceOf(expected: AnswerShape, got: AnswerShape): string | undefined {
  if (got.status !== expected.status) return `status ${got.status}, expected ${expected.status}`;
  const missing = expected.headers.filter((name) => !got.headers.includes(name));
  const more = got.headers.filter((name) => !expected.headers.includes(name));
  if (missing.length > 0) return `no header ${missing.join(", ")}`;
  if (more.length > 0) return `a header more: ${more.join(", ")}`;
  if (got.length !== expected.length) return `a body of ${got.length} bytes, expected ${expected.length}`;
  return undefined;
}
