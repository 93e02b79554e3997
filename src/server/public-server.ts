/** Describes what serves the public port, whichever HTTP library it does that by, and has what is alike in all. */
import { setTimeout as sleep } from "node:timers/promises";
import { REQUEST_SERIES, requestSeries } from "../response/counters.js";
import { headerBlock, NO_BODY, NO_SNIFF, type Reply } from "../response/reply.js";
import type { Method, Request } from "../response/request.js";
import { routeOf, type Router } from "../response/router.js";
import type { ConnectionCounter } from "./connection-limit.js";

/** How long the port must be quiet, while draining, before what is still connected counts as idle. */
const QUIET_MS = 500;
const DRAIN_POLL_MS = 20;

/** How long a client may take nothing of what it is sent. */
export const SEND_TIMEOUT_MS = 30_000;

const INTERNAL_ERROR = {
  headers: headerBlock("500 Internal Server Error", "no-store", "Content-Type: text/plain; charset=utf-8", NO_SNIFF),
  body: Buffer.from("Internal server error.\n"),
};

export interface PublicServer {
  /** Answers from another index from now on. */
  use(router: Router): void;
  /** Cuts slow clients that still hold an index that is not served any more; returns whether there was one. */
  cutStale(): boolean;
  /** Returns the port's number; `port` 0 takes a free one. @throws CannotListenError */
  listen(host: string, port: number): Promise<number>;
  /** Cuts what is left after the deadline; returns whether all was finished by then. */
  drain(deadlineMs: number): Promise<boolean>;
  close(): void;
}

export interface ServerOptions {
  readonly router: Router;
  readonly events: ServerEvents;
  /** The share of the requests that `onRequest` gets, from 0 to 1; none by default. */
  readonly sample?: number;
  /** Without it, no connection is too many. */
  readonly counter?: ConnectionCounter;
  readonly sendTimeoutMs?: number;
}

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

/** Answers, counts and logs requests. */
export class Answers {
  readonly #events: ServerEvents;
  readonly #sample: number;
  #router: Router;
  /** Filled by each request, and read before the next. */
  readonly #reply = {} as Reply;

  constructor({ router, events, sample = 0 }: ServerOptions) {
    this.#router = router;
    this.#events = events;
    this.#sample = sample;
  }

  use(router: Router): void {
    this.#router = router;
    // The last image that was sent would keep its index in memory.
    this.#reply.body = NO_BODY;
  }

  /** @param path as it was sent, without its query */
  to(method: Method, path: string, request: Request): Readonly<Reply> {
    try {
      this.#router.respond(method, path, request, this.#reply);
    } catch (error) {
      // A handler that throws would end the process.
      Object.assign(this.#reply, INTERNAL_ERROR, { series: requestSeries(routeOf(path), 500) });
      this.#events.onError(error, method, path);
    }
    this.#router.counters[this.#reply.series]!++;
    if (this.#sample !== 0 && Math.random() < this.#sample) this.#log(method, path);
    return this.#reply;
  }

  #log(method: Method, path: string): void {
    const { route, code } = REQUEST_SERIES[this.#reply.series]!;
    // An address that leads nowhere may hold whatever was typed into it.
    this.#events.onRequest?.({ method, route, code, ...(code < 400 && { path }) });
  }
}

export function isWithoutBody(method: Method, { series }: Readonly<Reply>): boolean {
  return method === "HEAD" || REQUEST_SERIES[series]!.code === 304;
}

/** What a server that drains knows of its clients. */
export interface Clients {
  readonly connections: number;
  /** Whether a response is on its way. */
  readonly isBusy: boolean;
  /** When something was received or sent, by `performance.now()`. */
  readonly lastActivity: number;
}

/** Resolves with true when no client is left but idle ones, or with false after the deadline. */
export async function whenIdle(clients: () => Clients, deadlineMs: number): Promise<boolean> {
  const start = performance.now();
  while (performance.now() - start < deadlineMs) {
    await sleep(DRAIN_POLL_MS);
    const { connections, isBusy, lastActivity } = clients();
    if (connections === 0 || (!isBusy && performance.now() - lastActivity >= QUIET_MS)) return true;
  }
  return false;
}
