/** Describes what serves the public port, whichever HTTP library it does that by. */
import type { Method } from "../response/request.js";
import type { Router } from "../response/router.js";
import type { ConnectionCounter } from "./connection-limit.js";

/** How long a client may take nothing of what it is sent. */
export const SEND_TIMEOUT_MS = 30_000;

export interface PublicServer {
  /** Answers from another index from now on. */
  use(router: Router): void;
  /** Cuts slow clients that still hold an index that is not served any more. */
  cutStale(): void;
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
