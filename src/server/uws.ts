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
import { UnsentReplies } from "./unsent.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. */
const QUIET_MS = 500;
const DRAIN_POLL_MS = 20;

/**
 * Requests that a worker answers at once in one turn of its event loop, in which all others wait: some 10 ms of work.
 * Only who pipelines a great many can bring more.
 */
const MAX_IN_TURN = 2048;

/** `tryEnd` makes a request some 4 % dearer than `end`. */
const TRY_END_SHARE = 1 / 8;

/** How long a client may take nothing of what it asked for. */
const SEND_TIMEOUT_MS = 30_000;

const INTERNAL_ERROR = {
  headers: headerBlock("500 Internal Server Error", "no-store", "Content-Type: text/plain; charset=utf-8", NO_SNIFF),
  body: Buffer.from("Internal server error.\n"),
};

/** `listen` with host, port and options together, which the library has and its declaration leaves out. */
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
  /** Our own code threw; the request got 500. */
  readonly onError: (error: unknown, method: Method, path: string) => void;
  /** Called for the requests of the sample. */
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
  #inTurn = 0;
  /** Only kept up to date while draining. */
  #lastActivity = 0;

  /**
   * @param sample share of the requests, from 0 to 1, that `onRequest` gets
   * @param counter knows which connections are too many; without it none is
   * @param sendTimeoutMs after which a client that takes nothing is cut
   */
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

  /** Replaces what is served; each request is served wholly by the one router or the other. */
  use(router: Router): void {
    this.#router = router;
    // The last image that was sent would keep its index in memory.
    this.#reply.body = NO_BODY;
    this.#unsent.makeStale();
  }

  /**
   * Cuts the slow clients that still take an image of an index that is not served any more, and so hold it in memory.
   * @returns whether there was one
   */
  cutStale(): boolean {
    return this.#unsent.cutStale();
  }

  /**
   * Opens the port, together with other servers of this user (SO_REUSEPORT), and returns its number; `port` 0 takes a
   * free one.
   * @throws CannotListenError
   */
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

  /**
   * Stops accepting, finishes what is in flight, and closes what is idle.
   * @param deadlineMs after which connections are cut
   * @returns whether all was finished by then
   */
  async drain(deadlineMs: number): Promise<boolean> {
    const start = performance.now();
    this.#lastActivity = start;
    this.#draining = true;
    this.#closingReplies = this.#connections;
    // Closing resets what the kernel has connected and nobody has accepted; the turn of the event loop between these
    // two accepts it.
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

  /** Cuts every connection and frees the port. */
  close(): void {
    this.#closeListenSocket();
    this.#app.close();
  }

  #closeListenSocket(): void {
    if (this.#listenSocket !== undefined) uWS.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = undefined;
  }

  /** The one guard: a handler that throws would end the process. */
  #handle(method: Method, response: HttpResponse, request: HttpRequest): void {
    try {
      this.#router.respond(method, request.getUrl(), request, this.#reply);
      if (this.#isTurnFull()) this.#sendNextTurn(method, response, this.#reply);
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

  #isTurnFull(): boolean {
    this.#inTurn++;
    // Far rarer than each turn: a turn that begins between two of these only has its count begin higher.
    if (this.#inTurn % (MAX_IN_TURN / 4) === 0) {
      setImmediate(() => {
        this.#inTurn = 0;
      });
    }
    return this.#inTurn > MAX_IN_TURN;
  }

  /** Until then the response is open, and the library cuts who has pipelined another request. */
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
    // One call into the library for all: what it is told as the status goes before the headers that it adds itself.
    response.writeStatus(headers);
    const isWithoutBody = method === "HEAD" || REQUEST_SERIES[series]!.code === 304;
    if (this.#draining) {
      // Only `end` can close the connection, and buffers without bound; else the client is asked to.
      if (!isWithoutBody && body.length <= MAX_SHARED_PAGE && this.#closingReplies-- > 0) {
        response.end(body, true);
        return;
      }
      response.writeHeader("Connection", "close");
    }
    if (isWithoutBody) this.#endWithoutBody(response, Buffer.byteLength(body));
    else this.#end(response, body);
  }

  /**
   * `end` buffers what a client does not take, and `tryEnd` does not: then the next request has the library cut the
   * connection. Small bodies take turns at random, which no client foresees, so that some kilobytes at most pile up.
   */
  #end(response: HttpResponse, body: string | Uint8Array): void {
    if (body.length <= MAX_SHARED_PAGE && Math.random() > TRY_END_SHARE) {
      response.end(body);
      return;
    }
    // The length is that of the body where it is 0 here.
    if (response.tryEnd(body, 0)[1]) return;
    const rest = lasting(body);
    this.#unsent.add(response, rest, rest.length);
  }

  /**
   * Ends a HEAD or a 304, both with the length of the 200 (RFC 9110, section 8.6): only with a length does the library
   * tell whether it has something unsent. Then the newer one has ended the response all the same, and the older one
   * leaves that to us in any case.
   */
  #endWithoutBody(response: HttpResponse, length: number): void {
    const connection = this.#backlog.connectionOf(response);
    if (this.#backlog.isFull(connection)) {
      response.close();
      return;
    }
    const [isSent, isOver] = response.tryEnd(NO_BODY, length);
    if (isOver) this.#backlog.note(connection, isSent);
    else if (isSent) response.endWithoutBody();
    else this.#unsent.add(response, NO_BODY, length);
  }
}

/** What is valid only until the next request, so that it stays. */
function lasting(body: string | Uint8Array): Uint8Array {
  return body.length > MAX_SHARED_PAGE && typeof body !== "string" ? body : Buffer.from(body);
}
