/** The public port. The only importer of uWebSockets.js: everything that is particular to it is here. */
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import "./header-limit.js";
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import { routeOf, type Answers, type Method, type Reply } from "../response/router.js";
import { MOST_SHARED } from "../response/page-bytes.js";
import { CannotListenError } from "./port-claim.js";
import { REQUEST_SERIES, requestSeries } from "../response/counters.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. Milliseconds. */
const QUIET_BEFORE_CLOSE = 500;
const DRAIN_POLL = 20;

/**
 * What of a body the library may keep for a client that does not take it at once: as much as it has room for in any case. Bytes. A body of no
 * more is not needed any longer once it is sent, which pages rely on.
 */
const MOST_AT_ONCE = MOST_SHARED;

/** What the library has and its declaration leaves out: `listen` with host, port and options together, and this constant. */
interface UndeclaredApp {
  listen(host: string, port: number, options: number, onListen: (socket: us_listen_socket | false) => void): void;
}
interface UndeclaredConstants {
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
}

/** One request in the access log: nothing of the visitor, and no address but those that the index has. */
export interface LoggedRequest {
  readonly method: Method;
  readonly route: string;
  readonly code: number;
  readonly path?: string;
}

export interface ServerEvents {
  /** A request made our own code throw; it was answered with 500. */
  readonly onFault: (error: unknown, method: Method, path: string) => void;
  /** A request that is in the sample. */
  readonly onRequest?: (request: LoggedRequest) => void;
}

export class Server {
  readonly #app = uWS.App();
  readonly #events: ServerEvents;
  readonly #sample: number;
  #answers: Answers;
  /** Filled by every answer, and read before the next. */
  readonly #reply = {} as Reply;
  #listenSocket: us_listen_socket | undefined;
  #draining = false;
  #connections = 0;
  /** Images that a slow client has not taken whole yet. */
  #unfinished = 0;
  /** Only kept up to date while draining. */
  #lastActivity = 0;

  /** @param sample the share of requests, from 0 to 1, that `onRequest` is told of */
  constructor(answers: Answers, events: ServerEvents, sample = 0) {
    this.#answers = answers;
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

  /** Replaces what is served; a request is answered wholly from the one or the other. */
  use(answers: Answers): void {
    this.#answers = answers;
  }

  /**
   * Opens the port and answers with its number. `port` 0 takes a free one.
   * @param shared with other servers of this user, among which the kernel shares out the connections (SO_REUSEPORT)
   * @throws Error where the port is taken or the address is not this machine's
   */
  listen(host: string, port: number, shared = false): Promise<number> {
    return new Promise((resolve, reject) => {
      const onListen = (socket: us_listen_socket | false): void => {
        if (socket === false) {
          reject(new CannotListenError(host, port));
          return;
        }
        this.#listenSocket = socket;
        resolve(uWS.us_socket_local_port(socket));
      };
      const exclusive = (uWS as unknown as UndeclaredConstants).LIBUS_LISTEN_EXCLUSIVE_PORT;
      const app = this.#app as unknown as UndeclaredApp;
      app.listen(host, port, shared ? 0 : exclusive, onListen);
    });
  }

  /**
   * Stops accepting, answers what is in flight, and closes what is idle. Resolves when every connection is closed.
   * @param deadline milliseconds after which connections are cut
   * @returns whether all was finished by the deadline
   */
  async drain(deadline: number): Promise<boolean> {
    const start = performance.now();
    this.#lastActivity = start;
    this.#draining = true;
    // Closing resets what the kernel has connected and nobody has accepted. The turn of the event loop that the second waits for
    // accepts all of that, and the port closes at the end of it.
    await setImmediate();
    await setImmediate();
    this.#closeListenSocket();
    let finished = false;
    while (!finished && performance.now() - start < deadline) {
      await sleep(DRAIN_POLL);
      const quiet = performance.now() - this.#lastActivity >= QUIET_BEFORE_CLOSE;
      finished = this.#connections === 0 || (this.#unfinished === 0 && quiet);
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
      this.#answers.answer(method, request.getUrl(), request, this.#reply);
      this.#send(method, response, this.#reply);
      this.#answers.counters[this.#reply.series]!++;
      if (this.#sample !== 0 && Math.random() < this.#sample) this.#log(method, request.getUrl());
    } catch (error) {
      this.#answers.counters[requestSeries(routeOf(request.getUrl()), 500)]!++;
      this.#events.onFault(error, method, request.getUrl());
      response.writeStatus("500 Internal Server Error").end(undefined, true);
    }
  }

  #log(method: Method, path: string): void {
    const { route, code } = REQUEST_SERIES[this.#reply.series]!;
    // An address that leads nowhere may hold whatever was typed into it.
    this.#events.onRequest?.({ method, route, code, ...(code < 400 && { path }) });
  }

  #send(method: Method, response: HttpResponse, { series, head, body }: Reply): void {
    if (this.#draining) this.#lastActivity = performance.now();
    // Each call crosses into the library. It puts what it is told as the status before the headers that it adds itself.
    response.writeStatus(head);
    const isWithoutBody = method === "HEAD" || body.length === 0;
    if (!isWithoutBody && (typeof body === "string" || body.length <= MOST_AT_ONCE)) {
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
    this.#unfinished++;
    const finish = (): void => {
      this.#unfinished--;
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
 * HEAD and 304. The length goes into a header of ours, since `endWithoutBody(length)` leaves the response unfinished, and the next
 * request on the connection would then close it. A 304 has no length: 0 would contradict the 200 (RFC 9110, section 8.6).
 */
function endWithoutBody(response: HttpResponse, series: number, body: string | Uint8Array): void {
  if (REQUEST_SERIES[series]!.code !== 304) response.writeHeader("Content-Length", String(Buffer.byteLength(body)));
  response.endWithoutBody();
}
