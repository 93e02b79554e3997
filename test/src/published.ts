/** Indexes on disk as the builder leaves them there. */
import { renameSync, writeFileSync } from "node:fs";
import { decode } from "../../src/index/format.js";
import { inEveryPeriod, range, smallIndex } from "./small-index.js";

const CHECKSUM_AT = 32;

/** Two indexes of campaign 1 that share no banner: 100 to 111, and 200 to 211. */
export const FIRST = smallIndex(inEveryPeriod({ campaign: 1, converting: range(100, 111) }));
export const SECOND = smallIndex(inEveryPeriod({ campaign: 1, converting: range(200, 211) }));

export function generationOf(bytes: Uint8Array): string {
  return decode(Uint8Array.from(bytes)).generation;
}

/** FIRST with one byte altered, and its checksum too, so that it does not pass for FIRST where that is served. */
export function broken(whole: Uint8Array = FIRST): Uint8Array {
  const bytes = Uint8Array.from(whole);
  bytes[bytes.length - 9]! ^= 1;
  bytes[CHECKSUM_AT]! ^= 1;
  return bytes;
}

/** Whole or not at all. */
export function publish(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
}
