/** Counts what is recorded, in memory that the recorder thread writes and the main thread reads. */

// Indexes.
export const RECORDED_IMPRESSIONS = 0;
export const RECORDED_CLICKS = 1;
export const RECORDED_CONVERSIONS = 2;
export const REPEATED_CLICKS = 3;
export const CLOSED_FILES = 4;
export const BYTES = 5;
/** Milliseconds since 1970; 0 before the first. */
export const LAST_WRITE = 6;
/** Of the index that is served: written by the main thread, lest a reload has to wait for the recorder. */
export const PERIODS = 7;
const LENGTH = 8;

/** They outlive the thread: its replacement goes on with them. */
export type Figures = Float64Array;

export function newFigures(): Figures {
  return new Float64Array(new SharedArrayBuffer(LENGTH * Float64Array.BYTES_PER_ELEMENT));
}
