/** Tells what is recorded now, and how fast. */
import { CLICKS_UNCOUNTED, UNCOUNTED_CLICKS, type Counters, type UncountedClick } from "../response/counters.js";
import { RECORDED_KINDS, type RecordedKind } from "../recording/event-kinds.js";
import type { IntakeState } from "../intake/intake.js";
import { RequestRate } from "./request-rate.js";
import type { RecordingStatus } from "./status-json.js";

/** By reason, of all workers and the recorder. */
export function uncountedClicks(
  counters: readonly Counters[],
  recording: IntakeState | undefined,
): Readonly<Record<UncountedClick, number>> {
  const counts = UNCOUNTED_CLICKS.map((reason, at) => [
    reason,
    counters.reduce((sum, worker) => sum + worker[CLICKS_UNCOUNTED + at]!, 0),
  ]);
  return {
    ...(Object.fromEntries(counts) as Record<UncountedClick, number>),
    repeated: recording?.repeatedClicks ?? 0,
  };
}

export class RecordingBoard {
  readonly #rates: Readonly<Record<RecordedKind, RequestRate>>;

  /** @param start milliseconds since 1970 */
  constructor(start: number) {
    this.#rates = Object.fromEntries(RECORDED_KINDS.map((kind) => [kind, new RequestRate(start)])) as Record<
      RecordedKind,
      RequestRate
    >;
  }

  /** Must be called each second. */
  look(recording: IntakeState | undefined, now: number): void {
    for (const kind of RECORDED_KINDS) this.#rates[kind].look(recording?.recorded[kind] ?? 0, now);
  }

  status(recording: IntakeState, counters: readonly Counters[]): RecordingStatus {
    const { folder, recorded, dropped, closedFiles, bytes, failure, lastWrite } = recording;
    const rates = RECORDED_KINDS.map((kind) => [kind, [...this.#rates[kind].rates]]);
    return {
      folder,
      recorded,
      recorded_a_second: Object.fromEntries(rates) as Record<RecordedKind, number[]>,
      uncounted_clicks: uncountedClicks(counters, recording),
      dropped,
      closed_files: closedFiles,
      bytes,
      ...(lastWrite !== undefined && { last_write_at: new Date(lastWrite).toISOString() }),
      ...(failure !== undefined && { failure }),
    };
  }
}
