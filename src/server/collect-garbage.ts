/** Gives memory back now. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// There is no other way to the function without a flag on the command line of everyone who starts the server.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/**
 * For the memory of an index that is not used any more: it lies outside the heap, whose collector sees a few small objects there and no
 * reason to hurry, so that after some reloads several indexes would be held. Each thread that had it must call this.
 */
export function collectGarbage(): void {
  collect();
}
