/** The program of a process that does nothing but look at the clock: for how many seconds, and what it has seen as JSON. */
import type { Pause, Watched } from "./pauses.js";

/** Between two looks there is a ten-thousandth of this. Milliseconds. */
const SHORTEST = 0.02;
/** More than there can be in a minute. */
const MOST = 1_000_000;

/** The machine's, which is the same for all processes. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const seconds = Number(process.argv[2]);
const seen = new Float64Array(2 * MOST);
let count = 0;
const start = now();
const end = start + seconds * 1000;
let last = start;
for (let at = start; at < end && count < MOST; at = now()) {
  if (at - last > SHORTEST) {
    seen[2 * count] = last;
    seen[2 * count + 1] = at;
    count++;
  }
  last = at;
}
const pauses = Array.from({ length: count }, (_, at): Pause => [seen[2 * at]!, seen[2 * at + 1]!]);
process.stdout.write(JSON.stringify({ watched: [start, last], pauses } satisfies Watched));
