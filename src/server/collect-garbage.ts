/** Frees the memory of an index that is not served any more. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// Else everyone who starts the server would have to pass the flag.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Must be called in each thread that had the index: it lies outside the heap, so the collector does not hurry. */
export function collectGarbage(): void {
  collect();
}
