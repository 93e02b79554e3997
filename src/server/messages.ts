/** Describes what the main thread and a worker thread say to each other. */
import type { IndexParts } from "../index/format.js";
import type { Counters } from "../response/counters.js";
import type { RecordingPart } from "../response/decision-recorder.js";
import type { ResponseSettings } from "../response/decisions.js";
import type { Method } from "../response/request.js";
import type { ConnectionCounts } from "./connection-limit.js";
import type { Engine } from "./engine.js";
import type { LoggedRequest } from "./public-server.js";

export interface WorkerSettings {
  readonly engine: Engine;
  readonly response: ResponseSettings;
  readonly host: string;
  readonly port: number;
  readonly accessLogSample: number;
  /** undefined where the clock tells the period. */
  readonly fixedPeriod: number | undefined;
  /** undefined where nothing is recorded. */
  readonly recording: RecordingPart | undefined;
}

/** Without an index: a thread holds this data as long as it lives. */
export interface WorkerData extends WorkerSettings {
  /** Its number, from 1. */
  readonly worker: number;
  readonly counters: Counters;
  readonly connections: ConnectionCounts;
}

/** The reply to `start` is `listening` or `cannot-listen`, to `release` and `prepare` it may be `failed`. */
export type ToWorker =
  /** Let go of all indexes but the one that is served. */
  | { readonly kind: "release" }
  | { readonly kind: "start"; readonly index: IndexParts }
  | { readonly kind: "prepare"; readonly index: IndexParts }
  | { readonly kind: "swap" }
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
  | { readonly kind: "error"; readonly error: unknown; readonly method: Method; readonly path: string }
  | { readonly kind: "turned-away"; readonly origins: ReadonlyMap<string, number> }
  | { readonly kind: "request"; readonly request: LoggedRequest };
