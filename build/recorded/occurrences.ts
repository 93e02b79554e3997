/** Tells when the occurrence of a period began in which a moment lies: of 15:20, in quarters, 15:15 of that day. */
import { ZoneOffsets } from "../read/local-time.js";

const HOUR_MS = 3_600_000;

/**
 * An occurrence is as long as its period, and ends early where the zone's offset changes within it: so those of an hour
 * are whole ones of its periods, and a window that is cut at an hour cuts through none.
 */
export class Occurrences {
  readonly #zone: ZoneOffsets;
  readonly #lengthMs: number;

  /** @throws RangeError where the zone is unknown */
  constructor(timeZone: string, periods: number) {
    this.#zone = new ZoneOffsets(timeZone);
    this.#lengthMs = HOUR_MS / periods;
  }

  /** Milliseconds since 1970, both. */
  startOf(moment: number): number {
    const offset = this.#zone.at(moment);
    const start = Math.floor((moment + offset) / this.#lengthMs) * this.#lengthMs - offset;
    return this.#zone.at(start) === offset ? start : this.#changeBetween(start, moment);
  }

  /** The first moment with the later one's offset; there is one change at most within an hour. */
  #changeBetween(before: number, after: number): number {
    const offset = this.#zone.at(after);
    let [without, first] = [before, after];
    while (first - without > 1) {
      const middle = Math.floor((without + first) / 2);
      if (this.#zone.at(middle) === offset) first = middle;
      else without = middle;
    }
    return first;
  }
}
