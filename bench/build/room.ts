/** Amounts to how much of the disk they need, and whether it is there. */
import { statfs } from "node:fs/promises";
import type { Amounts } from "./amounts.js";
import { PairRows } from "./row-bytes.js";

/** The most bytes that an index takes for a counter and for a banner with its drawn image, and a line of rejects.csv. */
const COUNTER_BYTES = 32;
const BANNER_BYTES = 1024;
const REJECT_BYTES = 120;

/** The most bytes that the data and what is built of it take. */
export function bytesNeeded(amounts: Amounts): number {
  const { impressions, clicks, conversions, periods, campaigns, banners } = amounts;
  const { longest } = new PairRows(amounts);
  const digits = (number: number): number => String(number).length;
  const rows =
    impressions * (longest - 1) +
    clicks * (digits(clicks) + longest) +
    conversions * (digits(conversions) + digits(clicks + conversions) + "-20.000000".length + 3);
  const index = campaigns * banners * (periods * COUNTER_BYTES + BANNER_BYTES);
  return rows + index + ((2 * clicks + 3 * conversions) / 1000) * REJECT_BYTES;
}

/** @throws Error whose message is one line, where the disk has less */
export async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((error: unknown) => {
    throw new Error(`${folder}: cannot be looked at: name another folder with --dir`, { cause: error });
  });
  const free = bavail * bsize;
  if (free < bytes)
    throw new Error(
      `${folder}: ${gigabytes(bytes)} GB are needed, ${gigabytes(free)} GB are free: make room, name another folder with --dir, or ask for fewer rows`,
    );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
