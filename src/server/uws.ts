/** Serves the public port by uWebSockets.js, whose peculiarities are all here. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import { REQUEST_SERIES, requestSeries } from "../response/counters.js";
import { MAX_SHARED_PAGE } from "../response/page.js";
import { headerBlock, NO_BODY, NO_SNIFF, type Reply } from "../response/reply.js";
import type { Method } from "../response/request.js";
import { routeOf, type Router } from "../response/router.js";
import { Backlog } from "./backlog.js";
import { CannotListenError } from "./cannot-listen.js";
import type { ConnectionCounter } from "./connection-limit.js";
import { FullTurn } from "./full-turn.js";
import { UnsentReplies } from "./unsent.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. */
const QUIET_MS = 500;
const DRAIN_POLL_MS = 20;

/** `tryEnd` makes a request some 4 % dearer than `end`. */
const TRY_END_SHARE = 1 / 8;

const SEND_TIMEOUT_MS = 30_000;

const INTERNAL_ERROR = {
  headers: headerBlock("500 Internal Server Error", "no-store", "Content-Type: text/plain; charset=utf-8", NO_SNIFF),
  body: Buffer.from("Internal server error.\n"),
};

/** The library takes these three together, and its declaration leaves it out. */
interface UndeclaredApp {
  listen(host: string, port: number, options: number, onListen: (socket: us_listen_socket | false) => void): void;
}

/** LIBUS_LISTEN_DEFAULT: several may listen on the port. */
const SHARED = 0;

/** One request in the access log: nothing of the visitor, and no address but those that the index has. */
export interface LoggedRequest {
  readonly method: Method;
  readonly route: string;
  readonly code: number;
  readonly path?: string;
}

export interface ServerEvents {
  readonly onError: (error: unknown, method: Method, path: string) => void;
  readonly onRequest?: (request: LoggedRequest) => void;
}

export class Server {
  readonly #app = uWS.App();
  readonly #events: ServerEvents;
  readonly #sample: number;
  #router: Router;
  /** Filled by each request, and read before the next. */
  readonly #reply = {} as Reply;
  #listenSocket: us_listen_socket | undefined;
  #draining = false;
  #connections = 0;
  /** How many more replies may close their connection: while draining, one for each that is open. */
  #closingReplies = 0;
  readonly #unsent: UnsentReplies;
  readonly #backlog = new Backlog();
  readonly #fullTurn = new FullTurn();
  /** Only kept up to date while draining. */
  #lastActivity = 0;

  /** `onRequest` gets `sample` of the requests, from 0 to 1; without a `counter` no connection is too many. */
  constructor(
    router: Router,
    events: ServerEvents,
    sample = 0,
    counter?: ConnectionCounter,
    sendTimeoutMs = SEND_TIMEOUT_MS,
  ) {
    this.#router = router;
    this.#events = events;
    this.#sample = sample;
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
    this.#router = router;
    // The last image that was sent would keep its index in memory.
    this.#reply.body = NO_BODY;
    this.#unsent.makeStale();
  }

  /** Cuts slow clients that still hold an index that is not served any more; returns whether there was one. */
  cutStale(): boolean {
    return this.#unsent.cutStale();
  }

  /** Returns the port's number; `port` 0 takes a free one. @throws CannotListenError */
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

  /** Cuts what is left after the deadline; returns whether all was finished by then. */
  async drain(deadlineMs: number): Promise<boolean> {
    const start = performance.now();
    this.#lastActivity = start;
    this.#draining = true;
    this.#closingReplies = this.#connections;
    // Closing the port resets connections that nobody has accepted yet; the event loop accepts them between these two.
    await nextTurn();
    await nextTurn();
    this.#closeListenSocket();
    let finished = false;
    while (!finished && performance.now() - start < deadlineMs) {
      await sleep(DRAIN_POLL_MS);
      const quiet = performance.now() - this.#lastActivity >= QUIET_MS;
      finished = this.#connections === 0 || (this.#unsent.count === 0 && quiet);
    }
    this.#app.close();
    return finished;
  }

  close(): void {
    this.#closeListenSocket();
    this.#app.close();
  }

  #closeListenSocket(): void {
    if (this.#listenSocket !== undefined) uWS.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = undefined;
  }

  /** A handler that throws would end the process. */
  #handle(method: Method, response: HttpResponse, request: HttpRequest): void {
    try {
      this.#router.respond(method, request.getUrl(), request, this.#reply);
      if (this.#fullTurn.isReached(this.#connections)) this.#sendNextTurn(method, response, this.#reply);
      else this.#send(method, response, this.#reply);
      this.#router.counters[this.#reply.series]!++;
      if (this.#sample !== 0 && Math.random() < this.#sample) this.#log(method, request.getUrl());
    } catch (error) {
      const series = requestSeries(routeOf(request.getUrl()), 500);
      this.#router.counters[series]!++;
      this.#events.onError(error, method, request.getUrl());
      this.#send(method, response, { series, ...INTERNAL_ERROR });
    }
  }

  /** Meanwhile the response is open, and the library cuts a client that has pipelined another request. */
  #sendNextTurn(method: Method, response: HttpResponse, { series, headers, body }: Reply): void {
    const reply = { series, headers: Uint8Array.from(headers), body: lasting(body) };
    let isAborted = false;
    response.onAborted(() => (isAborted = true));
    setImmediate(() => {
      if (!isAborted)
        response.cork(() => {
          this.#send(method, response, reply);
        });
    });
  }

  #log(method: Method, path: string): void {
    const { route, code } = REQUEST_SERIES[this.#reply.series]!;
    // An address that leads nowhere may hold whatever was typed into it.
    this.#events.onRequest?.({ method, route, code, ...(code < 400 && { path }) });
  }

  #send(method: Method, response: HttpResponse, { series, headers, body }: Reply): void {
    if (this.#draining) this.#lastActivity = performance.now();
    // One call into the library for all: the status is written before the headers that the library adds itself.
    response.writeStatus(headers);
    const isWithoutBody = method === "HEAD" || REQUEST_SERIES[series]!.code === 304;
    if (this.#draining) {
      // Only `end` can close the connection, and it buffers without bound; else the client is asked to close.
      if (!isWithoutBody && body.length <= MAX_SHARED_PAGE && this.#closingReplies-- > 0) {
        response.end(body, true);
        return;
      }
      response.writeHeader("Connection", "close");
    }
    if (isWithoutBody) this.#endWithoutBody(response, Buffer.byteLength(body));
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
