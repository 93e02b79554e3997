/** The bytes of `index.bin`: header, manifest, sections, checksum. The README's section "Index file" describes it for people. */
import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { pack, unpack } from "msgpackr";
import { fillSlots, holdsIds } from "./id-table.js";
import {
  IMAGE_EXTENSIONS,
  IMAGE_TYPES,
  layOut,
  MOST_PLACES,
  RULES,
  sectionsOf,
  type Counts,
  type Sections,
} from "./index-sections.js";

export const FORMAT_VERSION = 1;

export interface Index extends Sections {
  readonly counts: Counts;
  /** The first 16 hexadecimal digits of the checksum: the same content has the same generation. */
  readonly generation: string;
  readonly byteLength: number;
}

/** A file that is no index, or not a whole one. `fault` is for programs, the message for people. */
export class IndexFormatError extends Error {
  override readonly name = "IndexFormatError";
  constructor(
    readonly fault: "magic" | "version" | "truncated" | "too long" | "altered" | "contradictory",
    message: string,
  ) {
    super(message);
  }
}

// As PNG's: a first byte beyond ASCII and a line ending, so that a transfer in text mode shows.
const MAGIC = Uint8Array.of(0x89, 0x42, 0x42, 0x49, 0x44, 0x58, 0x0d, 0x0a);
const HEADER_LENGTH = 64;
const VERSION_AT = 8;
const MANIFEST_LENGTH_AT = 12;
const FILE_LENGTH_AT = 16;
const CHECKSUM_AT = 32;
const CHECKSUM_LENGTH = 32;

function checksumOf(bytes: Uint8Array): Buffer {
  const hash = createHash("sha256");
  return hash.update(bytes.subarray(0, CHECKSUM_AT)).update(bytes.subarray(HEADER_LENGTH)).digest();
}

function requireLittleEndian(): void {
  if (endianness() !== "LE") throw new Error("Billboard's index is little-endian, and this machine is big-endian.");
}

/**
 * Writes an index. `fill` gets all its arrays, zeroed, and fills all but the two hash tables.
 * @throws RangeError where the counts need more memory than one buffer can have.
 */
export function encode(counts: Counts, fill: (sections: Sections) => void): Uint8Array {
  requireLittleEndian();
  // `pack` answers with a view on an arena that its next call writes over.
  const manifest = Uint8Array.from(pack({ ...counts, rules: RULES, imageTypes: IMAGE_TYPES }));
  const { offsets, end } = layOut(counts, HEADER_LENGTH + manifest.length);
  const bytes = new Uint8Array(end);
  bytes.set(MAGIC);
  bytes.set(manifest, HEADER_LENGTH);
  const header = new DataView(bytes.buffer);
  header.setUint32(VERSION_AT, FORMAT_VERSION, true);
  header.setUint32(MANIFEST_LENGTH_AT, manifest.length, true);
  header.setBigUint64(FILE_LENGTH_AT, BigInt(end), true);
  const sections = sectionsOf(bytes, counts, offsets);
  fill(sections);
  fillSlots(sections.campaignIds, sections.campaignSlots);
  fillSlots(sections.bannerIds, sections.bannerSlots);
  bytes.set(checksumOf(bytes), CHECKSUM_AT);
  return bytes;
}

/**
 * Checks an index whole and answers with views on its bytes; nothing is copied.
 * @param bytes must start at a multiple of 8 in its buffer, and must not change afterwards
 * @throws IndexFormatError that says what is wrong with the file
 */
export function decode(bytes: Uint8Array): Index {
  requireLittleEndian();
  if (bytes.byteOffset % 8 !== 0) throw new RangeError("The bytes of an index must be aligned to 8.");
  if (MAGIC.subarray(0, bytes.length).some((byte, at) => byte !== bytes[at]) && bytes.length > 0)
    throw new IndexFormatError("magic", "not a Billboard index: it does not start with the magic bytes");
  if (bytes.length < HEADER_LENGTH)
    throw new IndexFormatError(
      "truncated",
      `truncated: ${bytes.length} bytes, and the header alone has ${HEADER_LENGTH}`,
    );
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  const version = header.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION)
    throw new IndexFormatError(
      "version",
      `format version ${version}${version > FORMAT_VERSION ? ", newer than this release," : ""} where ${FORMAT_VERSION} was expected`,
    );
  const length = header.getBigUint64(FILE_LENGTH_AT, true);
  if (BigInt(bytes.length) < length)
    throw new IndexFormatError("truncated", `truncated: ${bytes.length} bytes of the ${length} that it should have`);
  if (BigInt(bytes.length) > length)
    throw new IndexFormatError("too long", `too long: ${bytes.length} bytes where it should have ${length}`);
  const checksum = Buffer.from(bytes.buffer, bytes.byteOffset + CHECKSUM_AT, CHECKSUM_LENGTH);
  if (!checksumOf(bytes).equals(checksum))
    throw new IndexFormatError("altered", "altered: its content does not match its checksum");
  // From here on the bytes are those that a builder wrote; what is left to find is a builder's mistake.
  const manifestLength = header.getUint32(MANIFEST_LENGTH_AT, true);
  const counts = readManifest(bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + manifestLength));
  const { offsets, end } = layOut(counts, HEADER_LENGTH + manifestLength);
  if (end !== bytes.length) throw contradictory(`its counts need ${end} bytes, and it has ${bytes.length}`);
  const sections = sectionsOf(bytes, counts, offsets);
  checkReferences(sections, counts);
  return { ...sections, counts, generation: checksum.toString("hex", 0, 8), byteLength: bytes.length };
}

function readManifest(bytes: Uint8Array): Counts {
  let manifest: unknown;
  try {
    manifest = unpack(bytes);
  } catch (error) {
    throw contradictory(`its manifest cannot be read: ${String(error)}`);
  }
  const count = (name: keyof Counts, least: number): number => {
    const value: unknown = (manifest as Partial<Record<string, unknown>> | null)?.[name];
    if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
    throw contradictory(`its manifest says ${String(value)} ${name}`);
  };
  return {
    periods: count("periods", 1),
    campaigns: count("campaigns", 0),
    entries: count("entries", 0),
    banners: count("banners", 0),
    imageBytes: count("imageBytes", 0),
  };
}

function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}

/** No number in the arrays may point outside of them, so that nobody who reads them need look again. */
function checkReferences(index: Sections, counts: Counts): void {
  const cells = counts.campaigns * counts.periods;
  if (60 % counts.periods !== 0) throw contradictory(`${counts.periods} periods do not divide the hour`);
  if (index.cellStart[cells] !== counts.entries) throw contradictory("the cells do not end with the entries");
  for (let cell = 0; cell < cells; cell++) {
    const end = index.cellStart[cell + 1]!;
    const size = end - index.cellStart[cell]!;
    const pool = end - index.cellPool[cell]!;
    const fixed = index.cellFixed[cell]!;
    const drawn = index.cellRandom[cell]!;
    const within =
      size >= 0 && pool >= 0 && pool <= size && fixed <= size && drawn <= pool && fixed + drawn <= MOST_PLACES;
    if (!within || fixed + drawn > 0 !== size > 0 || index.cellRule[cell]! >= RULES.length)
      throw contradictory(`cell ${cell} is unsound`);
  }
  if (!index.entryBanner.every((banner) => banner < counts.banners)) throw contradictory("an entry names no banner");
  for (let banner = 0; banner < counts.banners; banner++) {
    const ordered = index.imageStart[banner]! <= index.imageStart[banner + 1]!;
    if (!ordered || !(index.imageType[banner]! in IMAGE_TYPES) || !(index.imageExtension[banner]! in IMAGE_EXTENSIONS))
      throw contradictory(`the image of banner ${index.bannerIds[banner]!} is unsound`);
  }
  if (index.imageStart[counts.banners] !== counts.imageBytes)
    throw contradictory("the images do not end with the file");
  const isWhole = holdsIds(index.campaignIds, index.campaignSlots) && holdsIds(index.bannerIds, index.bannerSlots);
  if (!isWhole) throw contradictory("a hash table does not hold its ids");
}
