/** Reads a file of impressions as a build does, and sums its rows by occurrence of a period. */
import { LARGEST_ID } from "../../src/index/ids.js";
import { readEvents } from "../read/event-file.js";
import { EventClock, type EventTimes } from "../read/event-time.js";
import type { SourceFile } from "../read/find.js";
import { TypedRows, type Malformed } from "../read/typed-rows.js";
import { Occurrences } from "./occurrences.js";
import { ViewSums } from "./view-sums.js";

export interface FoldedFile {
  readonly rows: number;
  readonly sums: ViewSums;
  /** Milliseconds since 1970, of its earliest and its latest row. */
  readonly earliest: number;
  readonly latest: number;
  /** The first row that is malformed. */
  readonly malformed: Malformed | undefined;
}

/** Without a window: which rows count is for the build to say. */
export type FoldTimes = Pick<EventTimes, "timeZone" | "periods">;

/** Seconds of it fit 32 bits. */
export const LATEST_MOMENT = LARGEST_ID * 1000;

/** @throws DataError where the header row is missing or wrong, or the file is damaged, or changes */
export async function foldFile(file: SourceFile, times: FoldTimes): Promise<FoldedFile> {
  const rows = new FoldedRows(times);
  let malformed: Malformed | undefined;
  const summary = await readEvents(file, rows, () => {
    malformed ??= rows.malformedRows[0];
    rows.clear();
    return undefined;
  });
  const { sums, earliest, latest } = rows;
  return { rows: summary.rows, sums, earliest, latest, malformed };
}

/** A row's time is read last before the row is added, or for a row that is not. */
class RememberingClock extends EventClock {
  moment = NaN;

  override momentOf(bytes: Uint8Array, start: number, end: number): number {
    this.moment = super.momentOf(bytes, start, end);
    return this.moment;
  }
}

class FoldedRows extends TypedRows {
  readonly sums = new ViewSums();
  earliest = Infinity;
  latest = -Infinity;
  readonly #clock: RememberingClock;
  readonly #occurrences: Occurrences;

  constructor({ timeZone, periods }: FoldTimes) {
    const times = { timeZone, periods, from: undefined, to: undefined };
    const clock = new RememberingClock(times);
    super("impressions", times, clock);
    this.#clock = clock;
    this.#occurrences = new Occurrences(timeZone, periods);
  }

  override add(line: number): void {
    const row = this.length;
    super.add(line);
    const [banners, campaigns, counts] = this.numbers as [Uint32Array, Uint32Array, Uint32Array];
    const { moment } = this.#clock;
    this.earliest = Math.min(this.earliest, moment);
    this.latest = Math.max(this.latest, moment);
    const seconds = this.#occurrences.startOf(moment) / 1000;
    this.sums.add(seconds, campaigns[row]!, banners[row]!, this.hasCounts ? counts[row]! : 1);
  }
}
