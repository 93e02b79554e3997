/** Serves the public port by uWebSockets.js, whose peculiarities are all here. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import "./header-limit.js";
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import { REQUEST_SERIES, requestSeries } from "../response/counters.js";
import { MAX_SHARED_PAGE } from "../response/page.js";
import type { Reply } from "../response/reply.js";
import type { Method } from "../response/request.js";
import { routeOf, type Router } from "../response/router.js";
import { CannotListenError } from "./port-claim.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. */
const QUIET_MS = 500;
const DRAIN_POLL_MS = 20;

/**
 * Bytes of a body that the library may buffer for a slow client: as many as it has room for in any case. A body of no
 * more is not needed any longer once it is sent, which pages rely on.
 */
const MAX_BUFFERED = MAX_SHARED_PAGE;

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
  /** Clients that have not taken an image whole yet, and which router it is of. */
  readonly #unfinished = new Map<HttpResponse, Router>();
  /** Only kept up to date while draining. */
  #lastActivity = 0;

  /** @param sample share of the requests, from 0 to 1, that `onRequest` gets */
  constructor(router: Router, events: ServerEvents, sample = 0) {
    this.#router = router;
    this.#events = events;
    this.#sample = sample;
    this.#app.filter((_, change) => {
      this.#connections += Number(change);
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
    this.#reply.body = "";
  }

  /**
   * Cuts the slow clients that still take an image of an index that is not served any more, and so hold it in memory.
   * @returns whether there was one
   */
  cutStale(): boolean {
    const stale = [...this.#unfinished].filter(([, router]) => router !== this.#router);
    for (const [response] of stale) response.close();
    return stale.length > 0;
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
    // Closing resets what the kernel has connected and nobody has accepted; the turn of the event loop between these
    // two accepts it.
    await setImmediate();
    await setImmediate();
    this.#closeListenSocket();
    let finished = false;
    while (!finished && performance.now() - start < deadlineMs) {
      await sleep(DRAIN_POLL_MS);
      const quiet = performance.now() - this.#lastActivity >= QUIET_MS;
      finished = this.#connections === 0 || (this.#unfinished.size === 0 && quiet);
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
      this.#send(method, response, this.#reply);
      this.#router.counters[this.#reply.series]!++;
      if (this.#sample !== 0 && Math.random() < this.#sample) this.#log(method, request.getUrl());
    } catch (error) {
      this.#router.counters[requestSeries(routeOf(request.getUrl()), 500)]!++;
      this.#events.onError(error, method, request.getUrl());
      response.writeStatus("500 Internal Server Error").end(undefined, true);
    }
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
    const isWithoutBody = method === "HEAD" || body.length === 0;
    if (!isWithoutBody && (typeof body === "string" || body.length <= MAX_BUFFERED)) {
      response.end(body, this.#draining);
      return;
    }
    // Only `end` can close the connection; else the client is asked to.
    if (this.#draining) response.writeHeader("Connection", "close");
    if (isWithoutBody) endWithoutBody(response, series, body);
    else this.#endInPieces(response, body as Uint8Array);
  }

  /** `end` would copy what a slow client does not take at once; this sends it on as the client takes it. */
  #endInPieces(response: HttpResponse, body: Uint8Array): void {
    const [, whole] = response.tryEnd(body, body.length);
    if (whole) return;
    this.#unfinished.set(response, this.#router);
    const finish = (): void => {
      this.#unfinished.delete(response);
      this.#lastActivity = performance.now();
    };
    response.onAborted(finish);
    response.onWritable((offset) => {
      const [ok, done] = response.tryEnd(body.subarray(offset), body.length);
      if (done) finish();
      return ok;
    });
  }
}

/**
 * Ends a HEAD or a 304. The length is a header of ours, since `endWithoutBody(length)` leaves the response unfinished,
 * and the next request on the connection would close it. A 304 has no length: 0 would contradict the 200 (RFC 9110,
 * section 8.6).
 */
function endWithoutBody(response: HttpResponse, series: number, body: string | Uint8Array): void {
  if (REQUEST_SERIES[series]!.code !== 304) response.writeHeader("Content-Length", String(Buffer.byteLength(body)));
  response.endWithoutBody();
}
