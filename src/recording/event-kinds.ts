/** Names the kinds of event files, their columns, and the files themselves. */

export const HEADERS = {
  impressions: "timestamp,campaign_id,banner_id,count,file",
  clicks: "timestamp,click_id,campaign_id,banner_id",
  conversions: "timestamp,conversion_id,click_id,revenue",
} as const;

export type RecordedKind = keyof typeof HEADERS;
export const RECORDED_KINDS = Object.keys(HEADERS) as readonly RecordedKind[];

/** Of no kind, so that no build reads a file that is being written. */
const OPEN = "open-";

export const openName = (name: string): string => `${OPEN}${name}`;

/** Undefined for a file that the recorder did not leave open. */
export function closedName(name: string): string | undefined {
  const [, closed] = /^open-((?:impressions|clicks|conversions)-.*\.csv)$/.exec(name) ?? [];
  return closed;
}

/** By code unit, the files of one start are in the order in which they were begun. */
export function eventFileName(kind: RecordedKind, server: string, start: string, number: number): string {
  return `${kind}-${server}-${start}-${String(number).padStart(6, "0")}.csv`;
}

/** `20261130T204103Z` */
export function startName(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
