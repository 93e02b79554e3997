/** Serves HTTP by node:http, within bounds, so that no client keeps another one from being answered. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { addressOf, CannotListenError, type Prefix } from "../server/cannot-listen.js";
import { listenOnSocket } from "./unix-socket.js";

export const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 10_000 };
/** Of a client that takes nothing of what it is sent, which stays in memory meanwhile. */
const SEND_TIMEOUT_MS = 30_000;
const CHECK_EVERY_MS = 1000;

/** Requests of all connections that wait for the response before theirs; a client that brings more is cut. */
const MAX_WAITING = 2000;

const LEFT = ["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET"];

/** Clients that leave midway are no error of ours. */
export function isByLeaving(error: unknown): boolean {
  return LEFT.includes((error as NodeJS.ErrnoException).code ?? "");
}

interface Connection {
  readonly socket: Socket;
  isBusy: boolean;
  readonly waiting: (() => void)[];
}

export class BoundedServer {
  readonly #server: Server;
  readonly #maxConnections: number;
  /** The oldest first, by when each last began a request, or came. */
  readonly #connections = new Map<Socket, Connection>();
  #waiting = 0;

  /** `handle` gets one request of a connection at a time; beyond the limit the oldest is cut, idle ones first. */
  constructor(
    handle: (message: IncomingMessage, response: ServerResponse) => void,
    maxConnections: number,
    timeouts = TIMEOUTS,
    sendTimeoutMs = SEND_TIMEOUT_MS,
  ) {
    this.#maxConnections = maxConnections;
    this.#server = createServer(
      { ...timeouts, connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, timeouts.headersTimeout) },
      (message, response) => {
        this.#queue(message.socket, response, () => {
          handle(message, response);
        });
      },
    );
    this.#server.on("connection", (socket) => {
      this.#add(socket);
    });
    this.#server.timeout = sendTimeoutMs;
    this.#server.on("timeout", (socket: Socket) => {
      // One that waits for a response, as for that to a reload, has nothing to take.
      if (this.#connections.get(socket)?.isBusy !== true || socket.writableLength > 0) socket.destroy();
    });
  }

  get connections(): number {
    return this.#connections.size;
  }

  /** Returns the port's number. @throws CannotListenError */
  async listen(host: string, port: number, prefix: Prefix): Promise<number> {
    const address = await addressOf(host, port, prefix);
    this.#server.listen({ host: address, port, exclusive: true });
    try {
      await once(this.#server, "listening");
    } catch (error) {
      throw new CannotListenError(host, port, prefix, error);
    }
    return (this.#server.address() as AddressInfo).port;
  }

  async listenOnSocket(path: string): Promise<void> {
    await listenOnSocket(this.#server, path);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  #add(socket: Socket): void {
    if (this.#connections.size >= this.#maxConnections) {
      const all = [...this.#connections.values()];
      (all.find(({ isBusy }) => !isBusy) ?? all[0])?.socket.destroy();
    }
    const connection: Connection = { socket, isBusy: false, waiting: [] };
    this.#connections.set(socket, connection);
    socket.once("close", () => {
      this.#remove(connection);
    });
  }

  #remove({ socket, waiting }: Connection): void {
    this.#connections.delete(socket);
    this.#waiting -= waiting.length;
    waiting.length = 0;
  }

  #queue(socket: Socket, response: ServerResponse, start: () => void): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined || socket.destroyed) return;
    const begin = (): void => {
      connection.isBusy = true;
      this.#connections.delete(socket);
      this.#connections.set(socket, connection);
      response.once("close", () => {
        connection.isBusy = false;
        // In the event loop's next turn, so that requests of other connections have theirs.
        if (connection.waiting.length > 0)
          setImmediate(() => {
            this.#next(connection);
          });
      });
      start();
    };
    if (!connection.isBusy && connection.waiting.length === 0) begin();
    else {
      connection.waiting.push(begin);
      if (++this.#waiting > MAX_WAITING) socket.destroy();
    }
  }

  #next(connection: Connection): void {
    const begin = connection.isBusy ? undefined : connection.waiting.shift();
    if (begin === undefined) return;
    this.#waiting--;
    if (connection.socket.destroyed) this.#remove(connection);
    else begin();
  }
}
