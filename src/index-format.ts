/** The bytes of `index.bin`: header, manifest, sections, checksum. The README's section "Index file" describes it for people. */
import { endianness } from "node:os";
import { pack, unpack } from "msgpackr";
import { fillSlots } from "./id-table.js";
import { IndexChecksum } from "./index-checksum.js";
import {
  CHECKSUM_AT,
  CHECKSUM_LENGTH,
  HEADER_LENGTH,
  IndexFormatError,
  readHeader,
  writeHeader,
} from "./index-header.js";
import { checkReferences, contradictory } from "./index-references.js";
import { IMAGE_TYPES, layOut, RULES, sectionsOf, type Counts, type Sections } from "./index-sections.js";

export interface Index extends Sections {
  readonly counts: Counts;
  /** The first 16 hexadecimal digits of the checksum: the same content has the same generation. */
  readonly generation: string;
  readonly byteLength: number;
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
  writeHeader(bytes, { manifestLength: manifest.length, fileLength: end });
  bytes.set(manifest, HEADER_LENGTH);
  const sections = sectionsOf(bytes, counts, offsets);
  fill(sections);
  fillSlots(sections.campaignIds, sections.campaignSlots);
  fillSlots(sections.bannerIds, sections.bannerSlots);
  bytes.set(new IndexChecksum().update(bytes).digest(), CHECKSUM_AT);
  return bytes;
}

/**
 * Checks an index whole and answers with views on its bytes; nothing is copied.
 * @param bytes must start at a multiple of 8 in its buffer, and must not change afterwards
 * @param checksum of the bytes, where it was taken while they were read
 * @throws IndexFormatError that says what is wrong with the file
 */
export function decode(bytes: Uint8Array, checksum?: Buffer): Index {
  requireLittleEndian();
  if (bytes.byteOffset % 8 !== 0) throw new RangeError("The bytes of an index must be aligned to 8.");
  const { manifestLength } = readHeader(bytes.subarray(0, HEADER_LENGTH), bytes.length);
  const stated = Buffer.from(bytes.buffer, bytes.byteOffset + CHECKSUM_AT, CHECKSUM_LENGTH);
  if (!stated.equals(checksum ?? new IndexChecksum().update(bytes).digest()))
    throw new IndexFormatError("altered", "altered: its content does not match its checksum");
  // From here on the bytes are those that a builder wrote; what is left to find is a builder's mistake.
  const counts = readManifest(bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + manifestLength));
  const { offsets, end } = layOut(counts, HEADER_LENGTH + manifestLength);
  if (end !== bytes.length) throw contradictory(`its counts need ${end} bytes, and it has ${bytes.length}`);
  const sections = sectionsOf(bytes, counts, offsets);
  checkReferences(sections, counts);
  return { ...sections, counts, generation: stated.toString("hex", 0, 8), byteLength: bytes.length };
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
