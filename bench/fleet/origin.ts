/** Serves an index over loopback, by a line that is as slow as it is told, and fails when it is told. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";

const STEP_MS = 10;

interface Sending {
  readonly response: ServerResponse;
  readonly body: Uint8Array;
  sent: number;
}

export class SlowOrigin {
  requests = 0;
  bytes = 0;
  isDown = false;
  /** The moments, by the clock of `performance`, at which a transfer had sent its last byte. */
  readonly ends: number[] = [];
  #index: Uint8Array;
  #etag = '"0"';
  #last = performance.now();
  readonly #bytesASecond: number;
  readonly #sending = new Set<Sending>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response);
  });
  readonly #timer = setInterval(() => {
    this.#step();
  }, STEP_MS);

  constructor(index: Uint8Array, bytesASecond: number) {
    this.#index = index;
    this.#bytesASecond = bytesASecond;
  }

  /** Answers with its address. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/index.bin`;
  }

  publish(index: Uint8Array): void {
    this.#index = index;
    this.#etag = `"${Number(this.#etag.slice(1, -1)) + 1}"`;
  }

  /** Cuts what is under way, and answers nothing. */
  fail(): void {
    this.isDown = true;
    for (const { response } of this.#sending) response.destroy();
    this.#sending.clear();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ headers, socket }: IncomingMessage, response: ServerResponse): void {
    this.requests++;
    if (this.isDown) {
      socket.destroy();
      return;
    }
    if (headers["if-none-match"] === this.#etag) {
      response.writeHead(304, { ETag: this.#etag }).end();
      return;
    }
    const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? "") ?? [];
    const start = from !== undefined && headers["if-range"] === this.#etag ? Number(from) : 0;
    const body = this.#index.subarray(start);
    const { length } = this.#index;
    response.writeHead(start === 0 ? 200 : 206, {
      ETag: this.#etag,
      "Content-Length": body.length,
      ...(start === 0 ? {} : { "Content-Range": `bytes ${start}-${length - 1}/${length}` }),
    });
    const sending = { response, body, sent: 0 };
    this.#sending.add(sending);
    response.on("close", () => this.#sending.delete(sending));
  }

  /** What the line had room for since the last time, shared out equally. */
  #step(): void {
    const now = performance.now();
    const share = Math.floor((((now - this.#last) / 1000) * this.#bytesASecond) / Math.max(1, this.#sending.size));
    this.#last = now;
    for (const sending of this.#sending) {
      const piece = sending.body.subarray(sending.sent, sending.sent + share);
      sending.response.write(piece);
      this.bytes += piece.length;
      sending.sent += piece.length;
      if (sending.sent < sending.body.length) continue;
      sending.response.end();
      this.ends.push(now);
      this.#sending.delete(sending);
    }
  }
}
