/** Describes what the main thread and a worker thread say to each other. */
import type { IndexParts } from "../index/format.js";
import type { Counters } from "../response/counters.js";
import type { ResponseSettings } from "../response/decisions.js";
import type { Method } from "../response/request.js";
import type { ConnectionCounts } from "./connection-limit.js";
import type { LoggedRequest } from "./uws.js";

/** What all workers start with. */
export interface WorkerSettings {
  readonly response: ResponseSettings;
  readonly host: string;
  readonly port: number;
  readonly accessLogSample: number;
}

/** What a worker starts with. No index: a thread holds its data as long as it lives. */
export interface WorkerData extends WorkerSettings {
  /** Its number, from 1. */
  readonly worker: number;
  readonly counters: Counters;
  readonly connections: ConnectionCounts;
}

/** `index` has the parts of a checked index, in shared memory. */
export type ToWorker =
  /** Let go of all indexes but the one that is served; the reply is `released`. */
  | { readonly kind: "release" }
  /** Open the port and serve this index; the reply is `listening` or `cannot-listen`. */
  | { readonly kind: "start"; readonly index: IndexParts }
  /** Make ready to serve another index; the reply is `ready` or `failed`. */
  | { readonly kind: "prepare"; readonly index: IndexParts }
  /** Serve what was prepared; the reply is `swapped`. */
  | { readonly kind: "swap" }
  /** Forget what was prepared. */
  | { readonly kind: "discard" }
  | { readonly kind: "drain"; readonly deadlineMs: number }
  /** Cut all connections and end. */
  | { readonly kind: "leave" };

export type FromWorker =
  | { readonly kind: "listening" }
  | { readonly kind: "cannot-listen" }
  | { readonly kind: "released" }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "swapped" }
  | { readonly kind: "drained"; readonly finished: boolean }
  /** A request made our own code throw. */
  | { readonly kind: "error"; readonly error: unknown; readonly method: Method; readonly path: string }
  | { readonly kind: "request"; readonly request: LoggedRequest };
