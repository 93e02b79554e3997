/**
 * Stands in for Billboard where a test asks what comes to it: it answers as Billboard does, and keeps what it was
 * asked.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { OWN_ADDRESS } from "./loopback.js";

export class RecordingServer {
  readonly requests: IncomingMessage[] = [];
  connections = 0;
  /** An image is 404 here. */
  lacksImages = false;
  /** Of so many requests the connection ends without an answer. */
  unanswered = 0;
  readonly #server = createServer((request, response) => {
    this.requests.push(request);
    if (this.unanswered > 0) {
      this.unanswered--;
      request.socket.destroy();
      return;
    }
    const isImage = request.url?.startsWith("/campaigns/banners/") === true;
    if (isImage && this.lacksImages) {
      response.writeHead(404, { "Cache-Control": "no-store", "Content-Length": 5 }).end("none\n");
      return;
    }
    const headers = isImage
      ? { "Cache-Control": "public, max-age=3600", "Content-Type": "image/png", ETag: '"1234"' }
      : { "Cache-Control": "private, no-store", "Content-Type": "text/html" };
    const body = `answer ${this.requests.length}`;
    response.writeHead(200, { ...headers, "Content-Length": body.length }).end(body);
  });

  /** Answers with its port. */
  async open(): Promise<number> {
    this.#server.on("connection", () => this.connections++);
    this.#server.listen(0, OWN_ADDRESS);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
