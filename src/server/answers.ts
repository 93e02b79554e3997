/** Answers, counts and logs requests, whichever HTTP library has received them. */
import { REQUEST_SERIES, requestSeries } from "../response/counters.js";
import { headerBlock, NO_BODY, NO_SNIFF, type Reply } from "../response/reply.js";
import type { Method, Request } from "../response/request.js";
import { routeOf, type Router } from "../response/router.js";
import type { ServerEvents, ServerOptions } from "./public-server.js";

const INTERNAL_ERROR = {
  headers: headerBlock("500 Internal Server Error", "no-store", "Content-Type: text/plain; charset=utf-8", NO_SNIFF),
  body: Buffer.from("Internal server error.\n"),
};

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
