/** Writes events as rows of CSV, each a whole line. */

export interface Conversion {
  readonly conversionId: string;
  readonly clickId: string;
  /** A plain decimal, checked by who takes it: as text, it is exact. */
  readonly revenue: string;
}

let lastSeconds = NaN;
let lastTimestamp = "";

/** RFC 3339 in UTC. Rows of one second come together, so that the last result serves most of them. */
export function timestampOf(seconds: number): string {
  if (seconds !== lastSeconds) {
    lastTimestamp = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
    lastSeconds = seconds;
  }
  return lastTimestamp;
}

/** Its last field, empty, is that of the file's name: see `EventFile`. */
export function impressionRow(seconds: number, campaign: number, banner: number, count: number): string {
  return `${timestampOf(seconds)},${campaign},${banner},${count},\n`;
}

export function clickRow(seconds: number, id: string, campaign: number, banner: number): string {
  return `${timestampOf(seconds)},${id},${campaign},${banner}\n`;
}

export function conversionRow(seconds: number, { conversionId, clickId, revenue }: Conversion): string {
  return `${timestampOf(seconds)},${field(conversionId)},${field(clickId)},${revenue}\n`;
}

/** Quoted where it must be: RFC 4180. */
const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
