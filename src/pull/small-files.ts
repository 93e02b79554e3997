/** Fetches the small files beside an index: its signature, and the moment from which it is served. */
import type { KeyObject } from "node:crypto";
import { MAX_SIGNATURE_BYTES, SIGNATURE_SUFFIX, SignatureError, verifySignature } from "./signature.js";
import { reasonOf, SourceError, type IndexSource } from "./source.js";
import { StallWatch } from "./stall-watch.js";
import { MAX_SWITCH_BYTES, parseSwitch, SWITCH_SUFFIX, type Switch } from "./switch.js";
import { RefusedIndexError } from "./transfer.js";
import type { Signature } from "./trust.js";

/** @throws RefusedIndexError, SourceError */
export async function fetchSignature(
  source: IndexSource,
  key: KeyObject,
  stallMs: number,
  signal: AbortSignal,
): Promise<Signature> {
  const text = await fetchText(source, SIGNATURE_SUFFIX, [404], MAX_SIGNATURE_BYTES, stallMs, signal);
  const what = `${source.shown}${SIGNATURE_SUFFIX}`;
  if (text === undefined) throw new RefusedIndexError(`${what}: INDEX_PUBLIC_KEY is set, and no signature is there`);
  try {
    return { ...verifySignature(text, key), text };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new RefusedIndexError(`${what}: ${error.message}`, { cause: error });
  }
}

/** Without a right to list its objects, a store answers 403 where there is none. */
const NO_SWITCH = [403, 404];

/** undefined where there is none. @throws SourceError where a later try may be luckier, else RefusedIndexError */
export async function fetchSwitch(
  source: IndexSource,
  stallMs: number,
  signal: AbortSignal,
): Promise<Switch | undefined> {
  const text = await fetchText(source, SWITCH_SUFFIX, NO_SWITCH, MAX_SWITCH_BYTES, stallMs, signal);
  if (text === undefined) return undefined;
  try {
    return parseSwitch(text);
  } catch (error) {
    throw new RefusedIndexError(`${source.shown}${SWITCH_SUFFIX}: ${(error as Error).message}`, { cause: error });
  }
}

/** undefined where there is none. Of a longer one there is one byte more than allowed. */
async function fetchText(
  source: IndexSource,
  suffix: string,
  absent: readonly number[],
  maxBytes: number,
  stallMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const watch = new StallWatch(stallMs, signal);
  const shown = `${source.shown}${suffix}`;
  try {
    const response = await source.get(suffix, {}, watch.signal);
    if (response.status !== 200) {
      await response.body?.cancel();
      if (absent.includes(response.status)) return undefined;
      throw new SourceError(`${shown}: it answers ${response.status}`);
    }
    return await textOf(response, maxBytes, watch);
  } catch (error) {
    const explained = watch.explained(error, shown);
    signal.throwIfAborted();
    if (explained instanceof SourceError) throw explained;
    throw new SourceError(`${shown}: cut on the way: ${reasonOf(error)}`, { cause: error });
  } finally {
    watch.end();
  }
}

async function textOf({ body }: Response, maxBytes: number, watch: StallWatch): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // To leave the loop cancels the rest.
  for await (const piece of body ?? []) {
    watch.heard();
    pieces.push(piece as Uint8Array);
    bytes += (piece as Uint8Array).length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(pieces).toString("latin1", 0, maxBytes + 1);
}
