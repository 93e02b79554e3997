/** Frees the memory of an index that is not served any more. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// Else everyone who starts the server would have to pass the flag.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * An index lies outside the heap, whose collector sees a few small objects and does not hurry, so that after some
 * reloads several would be held. Each thread that had the index must call this.
 */
export function collectGarbage(): void {
  collect();
}
