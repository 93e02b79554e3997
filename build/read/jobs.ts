/** Shares files out over threads, each of which takes the next by itself. */
import type { SourceFile } from "./find.js";

export interface Job {
  readonly task: "digest" | "read";
  readonly file: SourceFile;
}

export interface Jobs {
  readonly jobs: readonly Job[];
  /** The number of the first. */
  readonly first: number;
  /** By index in `jobs`: 1 where one has been taken, in shared memory. */
  readonly taken: Int32Array;
}

export function share(jobs: readonly Job[], first: number): Jobs {
  const bytes = jobs.length * Int32Array.BYTES_PER_ELEMENT;
  return { jobs, first, taken: new Int32Array(new SharedArrayBuffer(bytes)) };
}

/** Returns whether nobody had it. */
export function take({ taken }: Pick<Jobs, "taken">, at: number): boolean {
  return Atomics.exchange(taken, at, 1) === 0;
}

/**
 * In which other threads take them. Files that are summed come from the last on: the build's thread reads them from
 * the first on, once it has nothing else to do, and so they meet.
 */
export function* orderOf({ jobs }: Pick<Jobs, "jobs">): Generator<number> {
  for (let at = 0; at < jobs.length; at++) if (!isSummed(jobs[at]!)) yield at;
  for (let at = jobs.length - 1; at >= 0; at--) if (isSummed(jobs[at]!)) yield at;
}

function isSummed({ file }: Job): boolean {
  return file.kind === "impressions";
}
