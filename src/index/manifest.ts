/** The counts of an index to the msgpack of its manifest, and back from bytes that need not be one. */
import { pack, unpack } from "msgpackr";
import { contradictory } from "./format-error.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, RULES, type Counts } from "./sections.js";

/** Bytes. Ours has some 150; a later one may say more. */
export const LONGEST_MANIFEST = 4096;

/** A map of lists is as deep as ours is; a later one may go deeper. */
const DEEPEST = 4;

// What the arrays' own numbers are: nothing that a u32 cannot number is in an index.
const MOST = 2 ** 32 - 1;

export function packManifest(counts: Counts): Uint8Array {
  // `pack` answers with a view on an arena that its next call writes over.
  return Uint8Array.from(pack({ ...counts, rules: RULES, imageTypes: IMAGE_TYPES, imageExtensions: IMAGE_EXTENSIONS }));
}

/**
 * @param bytes at most LONGEST_MANIFEST; may be anything
 * @throws IndexFormatError where they are no manifest
 */
export function unpackManifest(bytes: Uint8Array): Counts {
  if (endOfPlain(bytes, 0, 0) !== bytes.length) throw contradictory("its manifest is not plain msgpack");
  let manifest: unknown;
  try {
    // A copy: msgpackr may read strings from the buffer behind a view, and not end where the view does.
    manifest = unpack(Uint8Array.from(bytes));
  } catch (error) {
    throw contradictory(`its manifest cannot be read: ${String(error)}`);
  }
  if (typeof manifest !== "object" || manifest === null) throw contradictory("its manifest is not a map");
  const count = (name: keyof Counts, least: number): number => {
    const value: unknown = (manifest as Partial<Record<string, unknown>>)[name];
    // A list or a map may be large, or have no text: only a number is worth showing.
    if (typeof value !== "number") throw contradictory(`its manifest does not say how many ${name}`);
    if (!Number.isInteger(value) || value < least || value > MOST)
      throw contradictory(`its manifest says ${value} ${name}`);
    return value;
  };
  const periods = count("periods", 1);
  if (60 % periods !== 0) throw contradictory(`${periods} periods do not divide the hour`);
  return {
    periods,
    campaigns: count("campaigns", 0),
    entries: count("entries", 0),
    banners: count("banners", 0),
    imageBytes: count("imageBytes", 0),
    textBytes: count("textBytes", 0),
  };
}

/**
 * Where a plain msgpack value ends, or -1: maps, lists, texts, numbers, booleans and nil that lie within the bytes. msgpackr's
 * extensions (records, references, bundled strings and others) make objects of many kinds, and jump about in the bytes: none of
 * them is in a manifest, and from bytes without them `unpack` makes no more than they say.
 */
function endOfPlain(bytes: Uint8Array, at: number, depth: number): number {
  const token = bytes[at];
  if (token === undefined || depth > DEEPEST) return -1;
  if (token < 0x80 || token >= 0xe0) return at + 1;
  if (token < 0x90) return endOfMap(bytes, at + 1, token & 0x0f, depth);
  if (token < 0xa0) return endOfItems(bytes, at + 1, token & 0x0f, depth);
  if (token < 0xc0) return within(bytes, at + 1 + (token & 0x1f));
  if (token === 0xc0 || token === 0xc2 || token === 0xc3) return at + 1;
  if (token === 0xca) return within(bytes, at + 5);
  if (token === 0xcb) return within(bytes, at + 9);
  if (token >= 0xcc && token <= 0xd3) return within(bytes, at + 1 + 2 ** (token & 0x03));
  // The length of what follows, in 1, 2 or 4 bytes.
  const width = { 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4, 0xde: 2, 0xdf: 4 }[token];
  if (width === undefined || at + 1 + width > bytes.length) return -1;
  let length = 0;
  for (let digit = 1; digit <= width; digit++) length = length * 256 + bytes[at + digit]!;
  const start = at + 1 + width;
  if (token <= 0xdb) return within(bytes, start + length);
  return token <= 0xdd ? endOfItems(bytes, start, length, depth) : endOfMap(bytes, start, length, depth);
}

function within(bytes: Uint8Array, end: number): number {
  return end <= bytes.length ? end : -1;
}

/** Ends with the bytes, however many items are claimed. */
function endOfItems(bytes: Uint8Array, start: number, items: number, depth: number): number {
  let at = start;
  for (let item = 0; item < items && at !== -1; item++) at = endOfPlain(bytes, at, depth + 1);
  return at;
}

function endOfMap(bytes: Uint8Array, start: number, pairs: number, depth: number): number {
  let at = start;
  for (let pair = 0; pair < pairs && at !== -1; pair++) {
    const isText = (bytes[at]! >= 0xa0 && bytes[at]! < 0xc0) || (bytes[at]! >= 0xd9 && bytes[at]! <= 0xdb);
    at = isText ? endOfItems(bytes, at, 2, depth) : -1;
  }
  return at;
}
