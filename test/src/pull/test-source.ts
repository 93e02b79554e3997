/** A source of indexes that does what HTTP says, and what a test has it do wrong. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Test } from "tap";

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export type Handler = (response: ServerResponse, message: IncomingMessage) => void;

export const INDEX = "/index.bin";

export function etagOf(bytes: Uint8Array): string {
  return `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
}

export class TestSource {
  readonly files = new Map<string, Uint8Array | string>();
  readonly asked: Asked[] = [];
  /** Each answers one request for the index in place of what HTTP says. */
  readonly wrong: Handler[] = [];
  /** Each answers one request for a file beside it. */
  readonly wrongBeside: Handler[] = [];
  readonly #server = createServer((message, response) => {
    this.#answer(message, response);
  });
  #port = 0;
  #onAsked: () => void = () => undefined;

  static async open(t: Test, index?: Uint8Array): Promise<TestSource> {
    const source = new TestSource();
    source.#server.listen(0, "127.0.0.1");
    await once(source.#server, "listening");
    source.#port = (source.#server.address() as AddressInfo).port;
    t.teardown(() => source.close());
    if (index !== undefined) source.files.set(INDEX, index);
    return source;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get url(): string {
    return this.origin + INDEX;
  }

  /** Requests for the index itself. */
  get askedForIndex(): readonly Asked[] {
    return this.asked.filter(({ path }) => path === INDEX);
  }

  /** Resolves when so many requests have come. */
  async hasBeenAsked(times: number): Promise<void> {
    while (this.asked.length < times) await new Promise<void>((resolve) => (this.#onAsked = resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The same address again, after `close`. */
  async reopen(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  #answer(message: IncomingMessage, response: ServerResponse): void {
    const path = message.url!;
    this.asked.push({ path, headers: message.headers });
    this.#onAsked();
    const wrong = (path === INDEX ? this.wrong : this.wrongBeside).shift();
    if (wrong === undefined) this.send(message, response, path);
    else wrong(response, message);
  }

  send({ headers }: IncomingMessage, response: ServerResponse, path: string = INDEX): void {
    const content = this.files.get(path);
    if (content === undefined) {
      response.writeHead(404).end("not here");
      return;
    }
    const bytes = Buffer.from(content);
    const etag = etagOf(bytes);
    if (headers["if-none-match"] === etag) {
      response.writeHead(304, { ETag: etag }).end();
      return;
    }
    const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
    if (start === undefined || headers["if-range"] !== etag) {
      response.writeHead(200, { ETag: etag, "Content-Length": bytes.length }).end(bytes);
      return;
    }
    const rest = bytes.subarray(Number(start));
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    response.writeHead(206, { ETag: etag, "Content-Length": rest.length, "Content-Range": range }).end(rest);
  }
}

/** Says how long it is, sends a part, and cuts the connection once that has left. */
export function cutAfter(bytes: Uint8Array, count: number, headers: Record<string, string> = {}): Handler {
  return (response) => {
    response.writeHead(200, { ETag: etagOf(bytes), "Content-Length": bytes.length, ...headers });
    response.write(bytes.subarray(0, count), () => {
      // With a FIN: a reset may overtake what was sent.
      response.socket!.end();
    });
  };
}

export function answer(status: number, body: Uint8Array | string, headers: Record<string, string> = {}): Handler {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}
