/** Stands in for the administration port of a server: `GET /readyz`, as a load balancer asks for it. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { OWN_ADDRESS } from "./loopback.js";

export class Readiness {
  ready = true;
  readonly requests: Pick<IncomingMessage, "method" | "url" | "httpVersion" | "headers">[] = [];
  readonly #server = createServer(({ method, url, httpVersion, headers }, response) => {
    this.requests.push({ method, url, httpVersion, headers });
    response.writeHead(this.ready ? 200 : 503).end();
  });

  /** Answers with its port. */
  async open(): Promise<number> {
    this.#server.listen(0, OWN_ADDRESS);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
