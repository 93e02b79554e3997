/** Frees the memory of indexes that are not served any more, and knows in each thread whether it is free. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { IndexParts } from "./format.js";

// Else everyone who starts the server would have to pass the flags.
setFlagsFromString("--expose-gc");
// Else a thread of the engine frees the memory some time after the collection, while the next index is loaded.
setFlagsFromString("--no-concurrent-array-buffer-sweeping");
const collect = runInNewContext("gc") as (options?: { readonly type: "minor" }) => void;

/** What holds an index ends within milliseconds: a connection that is cut, a view that is worked out. */
const WAITS_MS = [10, 20, 40, 80, 160, 320, 640, 1280];

/** The memory of all indexes that this thread has had. */
const noted = new Set<WeakRef<ArrayBufferLike>>();

/** To be called in each thread that gets it. */
export function noteMemory(parts: IndexParts): void {
  for (const { buffer } of parts) noted.add(new WeakRef(buffer));
}

/** It lies outside the heap, so the collector does not hurry. */
export function collectGarbage(): void {
  collect();
}

/** Takes about a millisecond: the pieces of a stream would else add up to tens of megabytes, which stay reserved. */
export function collectPieces(): void {
  collect({ type: "minor" });
}

/** Returns whether this thread has no other index than this in memory any more. */
export function freeOld(served: IndexParts): boolean {
  if (noted.size <= served.length) return true;
  // Before any look at what is there, which would keep it for this turn.
  collect();
  for (const one of noted) if (one.deref() === undefined) noted.delete(one);
  return noted.size <= served.length;
}

/** Resolves when this thread has no other index than this in memory. @throws Error, whose message is one line */
export async function requireFreed(served: IndexParts): Promise<void> {
  // What was cut is closed at the end of a turn; the collection at the end of the last reload comes first.
  for (let turn = 0; turn < 2; turn++) await nextTurn();
  for (const ms of WAITS_MS) {
    if (freeOld(served)) return;
    await sleep(ms);
  }
  if (!freeOld(served)) throw new Error("an index that is not served any more is still in memory: reload again");
}
