/** What the main thread and a worker thread say to each other. */
import type { AnswerSettings, Method } from "../response/router.js";
import type { Counters } from "../response/counters.js";
import type { LoggedRequest } from "./uws.js";

/** What a worker starts with. */
export interface WorkerData {
  readonly settings: AnswerSettings;
  readonly host: string;
  readonly port: number;
  readonly accessLogSample: number;
  readonly counters: Counters;
}

export type ToWorker =
  /** The bytes of a checked index, in shared memory. The first comes right after the start. */
  | { readonly kind: "take"; readonly index: Uint8Array }
  /** Milliseconds. */
  | { readonly kind: "drain"; readonly deadline: number }
  | { readonly kind: "leave" };

export type FromWorker =
  | { readonly kind: "listening" }
  | { readonly kind: "cannot-listen" }
  | { readonly kind: "taken" }
  | { readonly kind: "drained"; readonly finished: boolean }
  | { readonly kind: "fault"; readonly error: unknown; readonly method: Method; readonly path: string }
  | { readonly kind: "request"; readonly request: LoggedRequest };
