/** Writes what a simulated fleet asked of its origin as a table. */
import { markdownTable, number, whole, type Column } from "../report/format.js";
import type { Row } from "./scenarios.js";

const NONE = "–";

const COLUMNS: readonly Column<Row>[] = [
  { heading: "what", of: ({ what }) => what },
  { heading: "requests a second", isNumber: true, of: ({ outcome, seconds }) => number(outcome.requests / seconds) },
  { heading: "most in a second", isNumber: true, of: ({ outcome }) => whole(outcome.peakRequests) },
  { heading: "bytes", isNumber: true, of: ({ outcome }) => gigabytes(outcome.bytes) },
  { heading: "at most", isNumber: true, of: ({ outcome }) => gigabits(outcome.peakBandwidth) },
  { heading: "half have it after", isNumber: true, of: ({ arrivals }) => after(arrivals, 0.5) },
  { heading: "all have it after", isNumber: true, of: ({ arrivals }) => after(arrivals, 1) },
];

export function tableOf(rows: readonly Row[]): string {
  return markdownTable(COLUMNS, rows);
}

function gigabytes(bytes: number): string {
  return bytes === 0 ? "0" : `${number(bytes / 1e9)} GB`;
}

function gigabits(bytesASecond: number): string {
  return bytesASecond === 0 ? "0" : `${number((8 * bytesASecond) / 1e9)} Gbit/s`;
}

/** @param arrivals ascending */
function after(arrivals: readonly number[] | undefined, share: number): string {
  if (arrivals === undefined || arrivals.length === 0) return NONE;
  const seconds = arrivals[Math.ceil(share * arrivals.length) - 1]!;
  return seconds < 120 ? `${whole(seconds)} s` : `${number(seconds / 60)} min`;
}
