/** Packs the manifest of an index, and unpacks it. */
import { pack, unpack } from "msgpackr";
import { contradictory } from "./format-error.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, RULES, type Counts } from "./sections.js";

/** Bytes. Ours has some 200; a later one may say more. */
export const MAX_MANIFEST = 4096;

const MAX_COUNT = 2 ** 32 - 1;

export interface Manifest {
  readonly counts: Counts;
  /** The zone whose minutes cut the events into periods; undefined where they came in periods. */
  readonly timeZone: string | undefined;
  /** The share of decisions that draw from all banners of a cell, from 0 to below 1. */
  readonly exploration: number;
}

export function packManifest({ counts, timeZone, exploration }: Manifest): Uint8Array {
  const manifest = {
    ...counts,
    rules: RULES,
    imageTypes: IMAGE_TYPES,
    imageExtensions: IMAGE_EXTENSIONS,
    ...(timeZone !== undefined && { timeZone }),
    ...(exploration > 0 && { exploration }),
  };
  // A copy: `pack` returns a view on an arena that its next call overwrites.
  return Uint8Array.from(pack(manifest));
}

/** The bytes may be altered: the checksum is compared once the file is read. @throws IndexFormatError */
export function unpackManifest(bytes: Uint8Array): Manifest {
  let manifest: unknown;
  try {
    // A copy: msgpackr may read strings from the buffer behind a view, beyond its end.
    manifest = unpack(Uint8Array.from(bytes));
  } catch (error) {
    throw contradictory(`its manifest cannot be read: ${String(error)}`);
  }
  if (typeof manifest !== "object" || manifest === null) throw contradictory("its manifest is not a map");
  const count = (name: keyof Counts, least: number, most = MAX_COUNT): number => {
    const value: unknown = (manifest as Partial<Record<string, unknown>>)[name];
    // A list or a map may be large, or have no text: only a number is worth showing.
    if (typeof value !== "number") throw contradictory(`its manifest does not say how many ${name}`);
    if (!Number.isInteger(value) || value < least || value > most)
      throw contradictory(`its manifest says ${value} ${name}`);
    return value;
  };
  const periods = count("periods", 1);
  if (60 % periods !== 0) throw contradictory(`${periods} periods do not divide the hour`);
  const { timeZone } = manifest as { readonly timeZone?: unknown };
  if (timeZone !== undefined && typeof timeZone !== "string") throw contradictory("its manifest names no time zone");
  const { exploration = 0 } = manifest as { readonly exploration?: unknown };
  if (typeof exploration !== "number" || !(exploration >= 0 && exploration < 1))
    throw contradictory("its manifest says no share of decisions that explore");
  const counts = {
    periods,
    campaigns: count("campaigns", 0),
    entries: count("entries", 0),
    banners: count("banners", 0),
    imageBytes: count("imageBytes", 0, Number.MAX_SAFE_INTEGER),
    textBytes: count("textBytes", 0),
    nameBytes: count("nameBytes", 0),
  };
  return { counts, timeZone, exploration };
}
