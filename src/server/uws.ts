/** Serves the public port by uWebSockets.js, whose peculiarities are all here. */
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import { MAX_SHARED_PAGE } from "../response/page.js";
import { NO_BODY, type Reply } from "../response/reply.js";
import type { Method } from "../response/request.js";
import type { Router } from "../response/router.js";
import { Answers, isWithoutBody } from "./answers.js";
import { Backlog } from "./backlog.js";
import { CannotListenError } from "./cannot-listen.js";
import { drainPort, type Clients } from "./drain.js";
import { FullTurn } from "./full-turn.js";
import { SEND_TIMEOUT_MS, type PublicServer, type ServerOptions } from "./public-server.js";
import { UnsentReplies } from "./unsent.js";

/** `tryEnd` makes a request some 4 % dearer than `end`. */
const TRY_END_SHARE = 1 / 8;

/** The library takes these three together, and its declaration leaves it out. */
interface UndeclaredApp {
  listen(host: string, port: number, options: number, onListen: (socket: us_listen_socket | false) => void): void;
}

/** LIBUS_LISTEN_DEFAULT: several may listen on the port. */
const SHARED = 0;

export class UwsServer implements PublicServer {
  readonly #app = uWS.App();
  readonly #answers: Answers;
  #listenSocket: us_listen_socket | undefined;
  #draining = false;
  #connections = 0;
  /** How many more replies may close their connection: while draining, one for each that is open. */
  #closingReplies = 0;
  readonly #unsent: UnsentReplies;
  /** Counts the indexes. */
  #served = 0;
  readonly #backlog = new Backlog();
  readonly #fullTurn = new FullTurn();
  /** Only kept up to date while draining. */
  #lastActivity = 0;

  constructor(options: ServerOptions) {
    const { counter, sendTimeoutMs = SEND_TIMEOUT_MS } = options;
    this.#answers = new Answers(options);
    this.#unsent = new UnsentReplies(sendTimeoutMs, () => {
      this.#lastActivity = performance.now();
    });
    this.#app.filter((response, change) => {
      this.#connections += Number(change);
      if (counter?.note(Number(change)) === true) response.close();
    });
    this.#app.get("/*", (response, request) => {
      this.#handle("GET", response, request);
    });
    this.#app.head("/*", (response, request) => {
      this.#handle("HEAD", response, request);
    });
    this.#app.any("/*", (response, request) => {
      this.#handle("OTHER", response, request);
    });
  }

  use(router: Router): void {
    this.#answers.use(router);
    this.#served++;
    this.#unsent.makeStale();
  }

  cutStale(): void {
    this.#unsent.cutStale();
  }

  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      (this.#app as unknown as UndeclaredApp).listen(host, port, SHARED, (socket) => {
        if (socket === false) {
          reject(new CannotListenError(host, port));
          return;
        }
        this.#listenSocket = socket;
        resolve(uWS.us_socket_local_port(socket));
      });
    });
  }

  async drain(deadlineMs: number): Promise<boolean> {
    this.#lastActivity = performance.now();
    this.#draining = true;
    this.#closingReplies = this.#connections;
    const isIdle = await drainPort(
      () => {
        this.#closeListenSocket();
      },
      () => this.#clients,
      deadlineMs,
    );
    this.#app.close();
    return isIdle;
  }

  get #clients(): Clients {
    return { connections: this.#connections, isBusy: this.#unsent.count > 0, lastActivity: this.#lastActivity };
  }

  close(): void {
    this.#closeListenSocket();
    this.#app.close();
  }

  #closeListenSocket(): void {
    if (this.#listenSocket !== undefined) uWS.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = undefined;
  }

  #handle(method: Method, response: HttpResponse, request: HttpRequest): void {
    const reply = this.#answers.to(method, request.getUrl(), request);
    if (this.#fullTurn.isReached(this.#connections)) this.#sendNextTurn(method, response, reply);
    else this.#send(method, response, reply);
  }

  /** Meanwhile the response is open, and the library cuts a client that has pipelined another request. */
  #sendNextTurn(method: Method, response: HttpResponse, { series, headers, body }: Readonly<Reply>): void {
    const reply = { series, headers: Uint8Array.from(headers), body: lasting(body) };
    const served = this.#served;
    let isAborted = false;
    response.onAborted(() => (isAborted = true));
    setImmediate(() => {
      if (isAborted) return;
      response.cork(() => {
        this.#send(method, response, reply);
      });
      // It was not known yet when another index came.
      if (this.#served !== served) this.#unsent.makeStale(response);
    });
  }

  #send(method: Method, response: HttpResponse, reply: Readonly<Reply>): void {
    const { headers, body } = reply;
    if (this.#draining) this.#lastActivity = performance.now();
    // One call into the library for all: the status is written before the headers that the library adds itself.
    response.writeStatus(headers);
    const hasNoBody = isWithoutBody(method, reply);
    if (this.#draining) {
      // Only `end` can close the connection, and it buffers without bound; else the client is asked to close.
      if (!hasNoBody && body.length <= MAX_SHARED_PAGE && this.#closingReplies-- > 0) {
        response.end(body, true);
        return;
      }
      response.writeHeader("Connection", "close");
    }
    if (hasNoBody) this.#endWithoutBody(response, Buffer.byteLength(body));
    else this.#end(response, body);
  }

  /** `end` buffers what a client does not take; after `tryEnd`, the library cuts such a client at its next request. */
  #end(response: HttpResponse, body: string | Uint8Array): void {
    // At random, which no client foresees: some kilobytes at most pile up.
    if (body.length <= MAX_SHARED_PAGE && Math.random() > TRY_END_SHARE) {
      response.end(body);
      return;
    }
    // The library takes the length of the body where this is 0.
    if (response.tryEnd(body, 0)[1]) return;
    const rest = lasting(body);
    this.#unsent.add(response, rest, rest.length);
  }

  /** Sends the length of the 200 (RFC 9110, section 8.6), without which the library does not tell what is unsent. */
  #endWithoutBody(response: HttpResponse, length: number): void {
    const connection = this.#backlog.connectionOf(response);
    if (this.#backlog.isFull(connection)) {
      response.close();
      return;
    }
    const [isSent, isOver] = response.tryEnd(NO_BODY, length);
    // The newer library has ended the response, sent or not; the older one never has.
    if (isOver) this.#backlog.note(connection, isSent);
    else if (isSent) response.endWithoutBody();
    else this.#unsent.add(response, NO_BODY, length);
  }
}

/** Copies what the next request would overwrite. */
function lasting(body: string | Uint8Array): Uint8Array {
  return body.length > MAX_SHARED_PAGE && typeof body !== "string" ? body : Buffer.from(body);
}
