/** Takes files by PUT as a server of static files does: whole, or not at all. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export interface Taken {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What it does with a request in place of taking it; `false` where it does nothing. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface Tls {
  readonly key: Buffer;
  /** For localhost. */
  readonly cert: Buffer;
}

export class PutServer {
  /** In the order in which they were there whole. */
  readonly taken: Taken[] = [];
  readonly asked: string[] = [];
  readonly #scheme: string;
  readonly #server: Server;

  /** @param behaves sees a request before its content is asked for */
  private constructor(behaves: Behaviour, answersExpectation: boolean, tls: Tls | undefined) {
    this.#scheme = tls === undefined ? "http" : "https";
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      this.asked.push(`${request.method!} ${request.url!}`);
      if (await behaves(request, response)) return;
      if (request.headers.expect !== undefined && answersExpectation) response.writeContinue();
      this.taken.push({ path: request.url!, headers: request.headers, body: await buffer(request) });
      response.writeHead(201).end();
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      // A connection that is cut is what some tests are about.
      handle(request, response).catch(() => response.destroy());
    };
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
    this.#server.on("checkContinue", listener);
  }

  static async start(behaves: Behaviour = () => false, answersExpectation = true, tls?: Tls): Promise<PutServer> {
    const server = new PutServer(behaves, answersExpectation, tls);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get url(): string {
    const host = this.#scheme === "https" ? "localhost" : "127.0.0.1";
    return `${this.#scheme}://${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  get paths(): readonly string[] {
    return this.taken.map(({ path }) => path);
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
