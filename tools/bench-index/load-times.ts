/** An index file to how long it takes to load: all of it, and its parts on their own. */
import { open, stat } from "node:fs/promises";
import { Checksum, decode } from "../../src/index-format.js";
import { loadIndex } from "../../src/load-index.js";

/** Milliseconds. */
export interface LoadTimes {
  readonly load: number;
  /** KiB. */
  readonly peakMemory: number;
}

export interface PartTimes {
  readonly read: number;
  readonly hash: number;
  readonly check: number;
}

export async function timeLoad(file: string): Promise<LoadTimes> {
  const start = performance.now();
  await loadIndex(file);
  return { load: performance.now() - start, peakMemory: process.resourceUsage().maxRSS };
}

/** One after the other, where `loadIndex` reads and hashes at once. */
export async function timeParts(file: string): Promise<PartTimes> {
  const start = performance.now();
  const bytes = new Uint8Array((await stat(file)).size);
  const handle = await open(file);
  for (let at = 0; at < bytes.length;)
    at += (await handle.read(bytes, at, Math.min(bytes.length - at, 2 ** 22), at)).bytesRead;
  await handle.close();
  const read = performance.now() - start;
  const hashStart = performance.now();
  const digest = new Checksum().update(bytes).digest();
  const hash = performance.now() - hashStart;
  const checkStart = performance.now();
  decode(bytes, digest);
  return { read, hash, check: performance.now() - checkStart };
}
