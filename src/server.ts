/** The public port. The only importer of uWebSockets.js: everything that is particular to it is here. */
import { setTimeout as sleep } from "node:timers/promises";
import "./header-limit.js";
import uWS, { type HttpRequest, type HttpResponse, type us_listen_socket } from "uWebSockets.js";
import type { Answer, Answers, Method, Reply } from "./answer.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. Milliseconds. */
const QUIET_BEFORE_CLOSE = 500;
const DRAIN_POLL = 20;

/** What the library has and its declaration leaves out: `listen` with host, port and options together, and this constant. */
interface UndeclaredApp {
  listen(host: string, port: number, options: number, onListen: (socket: us_listen_socket | false) => void): void;
}
interface UndeclaredConstants {
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
}

export interface ServerEvents {
  /** A request made our own code throw; it was answered with 500. */
  readonly onFault: (error: unknown, method: Method, path: string) => void;
}

export class Server {
  readonly #app = uWS.App();
  readonly #events: ServerEvents;
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

  constructor(answers: Answers, events: ServerEvents) {
    this.#answers = answers;
    this.#events = events;
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
   * @throws Error where the port is taken or the address is not this machine's
   */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const onListen = (socket: us_listen_socket | false): void => {
        if (socket === false) {
          reject(
            new Error(`cannot listen on ${host}:${port}: the port is taken, or the address is not this machine's`),
          );
          return;
        }
        this.#listenSocket = socket;
        resolve(uWS.us_socket_local_port(socket));
      };
      // Exclusive, or a second server started by mistake would share the port in silence (SO_REUSEPORT).
      const app = this.#app as unknown as UndeclaredApp;
      app.listen(host, port, (uWS as unknown as UndeclaredConstants).LIBUS_LISTEN_EXCLUSIVE_PORT, onListen);
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
    } catch (error) {
      this.#events.onFault(error, method, request.getUrl());
      response.writeStatus("500 Internal Server Error").end(undefined, true);
    }
  }

  #send(method: Method, response: HttpResponse, { answer, headerTail }: Reply): void {
    if (this.#draining) this.#lastActivity = performance.now();
    const { status, headerLines, body } = answer;
    // Each call crosses into the library: 200 is what it sends unasked, and all headers go in one piece.
    if (status !== "200 OK") response.writeStatus(status);
    response.writeHeader("Cache-Control", headerLines + headerTail);
    if (typeof body === "string" && method !== "HEAD" && body !== "") {
      response.end(body, this.#draining);
      return;
    }
    // Only `end` can close the connection; else the client is asked to.
    if (this.#draining) response.writeHeader("Connection", "close");
    if (typeof body === "string" || method === "HEAD") endWithoutBody(response, answer);
    else this.#endInPieces(response, body);
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
function endWithoutBody(response: HttpResponse, { status, body }: Answer): void {
  if (!status.startsWith("304")) response.writeHeader("Content-Length", String(Buffer.byteLength(body)));
  response.endWithoutBody();
}
