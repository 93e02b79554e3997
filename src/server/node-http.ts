/** Serves the public port by node:http, which comes with every Node.js, at about three times the cost of a request. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Server as NetServer, type AddressInfo, type ListenOptions, type Socket } from "node:net";
import { MAX_SHARED_PAGE } from "../response/page.js";
import type { Reply } from "../response/reply.js";
import type { Method, Request } from "../response/request.js";
import type { Router } from "../response/router.js";
import { Answers, isWithoutBody } from "./answers.js";
import { CannotListenError } from "./cannot-listen.js";
import { drainPort, type Clients } from "./drain.js";
import { FullTurn } from "./full-turn.js";
import { MAX_HEADERS_SIZE } from "./header-limit.js";
import { SEND_TIMEOUT_MS, type PublicServer, type ServerOptions } from "./public-server.js";
import { canSharePort } from "./shared-port.js";

/** As long as uWebSockets.js gives a client that is idle, or that sends slowly. */
const IDLE_MS = 10_000;

export class NodeServer implements PublicServer {
  readonly #http: Server;
  readonly #answers: Answers;
  readonly #fullTurn = new FullTurn();
  #connections = 0;
  #lastSocket: Socket | undefined;
  #draining = false;
  #lastActivity = 0;
  /** Responses that are not sent whole. Those that wait for their turn on a connection end with it, unsaid. */
  readonly #unsent = new Map<Socket, Set<ServerResponse>>();
  /** Those of an index that is not served any more, which they keep in memory. */
  readonly #stale = new WeakSet<ServerResponse>();

  constructor(options: ServerOptions) {
    const { counter, sendTimeoutMs = SEND_TIMEOUT_MS } = options;
    this.#answers = new Answers(options);
    this.#http = createServer({
      maxHeaderSize: MAX_HEADERS_SIZE,
      keepAliveTimeout: IDLE_MS,
      headersTimeout: IDLE_MS,
      requestTimeout: IDLE_MS,
      connectionsCheckingInterval: 1000,
    });
    // What a client expects before it sends a body need not come: no body is read.
    for (const event of ["request", "checkContinue", "checkExpectation"])
      this.#http.on(event, (request: IncomingMessage, response: ServerResponse) => {
        this.#receive(request, response);
      });
    // A client that takes a little all the time is not cut by it: what the kernel takes counts.
    this.#http.timeout = sendTimeoutMs;
    this.#http.on("timeout", (socket: Socket) => {
      const { bytesRead } = socket;
      // What came while this thread or the whole process stood still is read before the end of the turn.
      setImmediate(() => {
        if (socket.bytesRead === bytesRead) socket.destroy();
      });
    });
    this.#http.on("connection", (socket) => {
      this.#connections++;
      socket.once("close", () => {
        this.#connections--;
        this.#unsent.delete(socket);
        // Else it would keep its responses, and their index, until another comes.
        if (this.#lastSocket === socket) this.#lastSocket = undefined;
        counter?.note(-1);
      });
      if (counter?.note(1) === true) socket.destroy();
    });
  }

  use(router: Router): void {
    this.#answers.use(router);
    for (const responses of this.#unsent.values()) for (const response of responses) this.#stale.add(response);
  }

  cutStale(): void {
    for (const [socket, responses] of this.#unsent)
      if ([...responses].some((response) => this.#stale.has(response))) socket.destroy();
  }

  async listen(host: string, port: number): Promise<number> {
    try {
      const options: ListenOptions & { readonly reusePort: boolean } = { host, port, reusePort: canSharePort() };
      await once(this.#http.listen(options), "listening");
    } catch (error) {
      throw new CannotListenError(host, port, "", error);
    }
    return (this.#http.address() as AddressInfo).port;
  }

  async drain(deadlineMs: number): Promise<boolean> {
    this.#lastActivity = performance.now();
    this.#draining = true;
    const isIdle = await drainPort(
      () => {
        this.#closePort();
      },
      () => this.#clients,
      deadlineMs,
    );
    this.#http.closeAllConnections();
    return isIdle;
  }

  get #clients(): Clients {
    return { connections: this.#connections, isBusy: this.#unsent.size > 0, lastActivity: this.#lastActivity };
  }

  close(): void {
    this.#closePort();
    this.#http.closeAllConnections();
  }

  /** The server's own `close` would cut idle connections, of which a request may be on its way. */
  #closePort(): void {
    NetServer.prototype.close.call(this.#http);
  }

  /** Cuts a client that has filled the turn, of which the parser hands on all that it has sent at once. */
  #receive(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const isPipelined = socket === this.#lastSocket;
    this.#lastSocket = socket;
    if (!this.#fullTurn.isReached(this.#connections)) this.#handle(request, response);
    else if (isPipelined) socket.destroy();
    else
      setImmediate(() => {
        this.#handle(request, response);
      });
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { method: name, url = "" } = request;
    const method: Method = name === "GET" || name === "HEAD" ? name : "OTHER";
    const query = url.indexOf("?");
    const path = query === -1 ? url : url.slice(0, query);
    const reply = this.#answers.to(method, path, new NodeRequest(request, query === -1 ? "" : url.slice(query + 1)));
    this.#send(method, response, reply);
  }

  #send(method: Method, response: ServerResponse, reply: Readonly<Reply>): void {
    const { headers, body } = reply;
    const [status = "", ...lines] = latin1(headers).split("\r\n");
    const fields = lines.flatMap((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
    fields.push("Content-Length", String(Buffer.byteLength(body)));
    if (this.#draining) {
      this.#lastActivity = performance.now();
      fields.push("Connection", "close");
    }
    response.writeHead(Number(status.slice(0, 3)), status.slice(4), fields);
    if (isWithoutBody(method, reply)) response.end();
    else this.#end(response, body);
  }

  #end(response: ServerResponse, body: string | Uint8Array): void {
    if (typeof body === "string") {
      response.end(body);
      return;
    }
    if (body.length <= MAX_SHARED_PAGE) {
      // A copy, since the next request would overwrite it, and of the kind that goes out in one piece with the headers.
      response.end(latin1(body), "latin1");
      return;
    }
    this.#noteUnsent(response);
    response.end(body);
  }

  #noteUnsent(response: ServerResponse): void {
    const { socket } = response.req;
    const ofSocket = this.#unsent.get(socket) ?? new Set();
    this.#unsent.set(socket, ofSocket.add(response));
    response.once("close", () => {
      ofSocket.delete(response);
      if (ofSocket.size === 0) this.#unsent.delete(socket);
    });
  }
}

/** A letter for each byte. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

export class NodeRequest implements Request {
  readonly #fields: readonly string[];
  readonly #query: string;

  constructor({ rawHeaders }: IncomingMessage, query: string) {
    this.#fields = rawHeaders;
    this.#query = query;
  }

  getHeader(lowerCaseName: string): string {
    const fields = this.#fields;
    for (let at = 0; at < fields.length; at += 2)
      if (fields[at]!.toLowerCase() === lowerCaseName) return fields[at + 1]!;
    return "";
  }

  forEach(each: (lowerCaseName: string, value: string) => void): void {
    const fields = this.#fields;
    for (let at = 0; at < fields.length; at += 2) each(fields[at]!.toLowerCase(), fields[at + 1]!);
  }

  getQuery(): string {
    return this.#query;
  }
}
