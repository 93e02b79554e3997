/** Describes what the main thread and the recorder thread say to each other. */
import type { RecordingOptions } from "./recording.js";
import type { Conversion } from "./rows.js";

export type RecorderData = RecordingOptions;

export type ToRecorder =
  /** The reply is `committed` or `refused`. */
  | { readonly kind: "commit"; readonly number: number; readonly rows: readonly Conversion[] }
  /** Replies to `make-folder`; the reason says why it could not be made. */
  | { readonly kind: "folder-made"; readonly reason: string | undefined }
  /** Write and close all that is there, and end. */
  | { readonly kind: "close" };

export type FromRecorder =
  | { readonly kind: "ready" }
  | { readonly kind: "committed"; readonly number: number }
  | { readonly kind: "refused"; readonly number: number }
  | { readonly kind: "make-folder" }
  | { readonly kind: "failing"; readonly reason: string }
  | { readonly kind: "works" };
