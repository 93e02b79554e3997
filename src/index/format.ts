/** Writes and reads the bytes of an index file, which `docs/index-format.md` describes. */
import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { checkReferences } from "./validate.js";
import { contradictory, IndexFormatError, requireRoom } from "./format-error.js";
import { fillSlots } from "./id-table.js";
import { ImageParts } from "./images.js";
import { layOut, sectionsOf, type Counts, type Layout, type Sections } from "./sections.js";
import { MAX_MANIFEST, packManifest, unpackManifest, type Manifest } from "./manifest.js";
import { inPieces, totalLength } from "./pieces.js";

export { IndexFormatError } from "./format-error.js";

export const FORMAT_VERSION = 4;

export interface Index extends Sections, Manifest {
  /** The whole checksum, as 64 hexadecimal digits. */
  readonly digest: string;
  /** The first 16 hexadecimal digits of the checksum: the same content has the same generation. */
  readonly generation: string;
  readonly images: ImageParts;
  readonly parts: IndexParts;
}

/** The bytes of an index in order: all before the images is in the first part, and no image lies in two. */
export type IndexParts = readonly Uint8Array[];

export interface Encoded {
  readonly parts: IndexParts;
  readonly length: number;
  readonly digest: Buffer;
}

// As PNG's: a first byte beyond ASCII and a line ending, so that a transfer in text mode shows.
const MAGIC = Uint8Array.of(0x89, 0x42, 0x42, 0x49, 0x44, 0x58, 0x0d, 0x0a);
export const HEADER_LENGTH = 64;
const VERSION_AT = 8;
const MANIFEST_LENGTH_AT = 12;
const FILE_LENGTH_AT = 16;
const CHECKSUM_AT = 32;
const CHECKSUM_LENGTH = 32;

export class Checksum {
  readonly #hash = createHash("sha256");
  #isStarted = false;

  /** The first piece must hold the whole header, since the checksum leaves out its own bytes there. */
  update(piece: Uint8Array): this {
    if (this.#isStarted) this.#hash.update(piece);
    else this.#hash.update(piece.subarray(0, CHECKSUM_AT)).update(piece.subarray(HEADER_LENGTH));
    this.#isStarted = true;
    return this;
  }

  digest(): Buffer {
    return this.#hash.digest();
  }
}

function requireLittleEndian(): void {
  if (endianness() !== "LE") throw new Error("an index is little-endian, and this machine is big-endian");
}

/** `fill` gets zeroed arrays and fills all but `bannerSlots`; images are not copied. @throws IndexTooLargeError */
export function encode(
  counts: Counts,
  fill: (sections: Sections) => void,
  images: IndexParts = [],
  { timeZone, exploration = 0 }: Partial<Omit<Manifest, "counts">> = {},
): Encoded {
  requireLittleEndian();
  const manifest = packManifest({ counts, timeZone, exploration });
  const layout = layOut(counts, HEADER_LENGTH + manifest.length);
  requireRoom(layout.images);
  const head = new Uint8Array(layout.images);
  head.set(MAGIC);
  head.set(manifest, HEADER_LENGTH);
  const header = new DataView(head.buffer);
  header.setUint32(VERSION_AT, FORMAT_VERSION, true);
  header.setUint32(MANIFEST_LENGTH_AT, manifest.length, true);
  header.setBigUint64(FILE_LENGTH_AT, BigInt(layout.end), true);
  const sections = sectionsOf(head, counts, layout.offsets);
  fill(sections);
  fillSlots(sections.bannerIds, sections.bannerSlots);
  const padding = new Uint8Array(layout.end - layout.images - counts.imageBytes);
  const parts = [head, ...images, padding];
  const digest = digestOf(parts);
  head.set(digest, CHECKSUM_AT);
  return { parts, length: layout.end, digest };
}

function digestOf(parts: IndexParts): Buffer {
  const checksum = new Checksum();
  for (const piece of inPieces(parts)) checksum.update(piece);
  return checksum.digest();
}

/** Checks what a file begins with. */
function headerIn(start: Uint8Array, fileLength: number): DataView {
  if (start.length > 0 && MAGIC.subarray(0, start.length).some((byte, at) => byte !== start[at]))
    throw new IndexFormatError("magic", "not a Billboard index: it does not start with the magic bytes");
  if (start.length < HEADER_LENGTH)
    throw new IndexFormatError(
      "truncated",
      `truncated: ${fileLength} bytes, and the header alone has ${HEADER_LENGTH}`,
    );
  const header = new DataView(start.buffer, start.byteOffset, HEADER_LENGTH);
  const version = header.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION) {
    const newer = version > FORMAT_VERSION ? ", newer than this release," : "";
    throw new IndexFormatError("version", `format version ${version}${newer} where ${FORMAT_VERSION} was expected`);
  }
  return header;
}

export interface Beginning {
  /** In bytes, of the whole file. */
  readonly length: number;
  readonly digest: string;
}

/** Reads the first HEADER_LENGTH bytes of a file whose rest is still to come. @throws IndexFormatError */
export function readBeginning(start: Uint8Array): Beginning {
  const header = headerIn(start, start.length);
  return { length: Number(header.getBigUint64(FILE_LENGTH_AT, true)), digest: digestIn(start) };
}

/** Returns where the manifest ends. */
function readHeader(start: Uint8Array, fileLength: number): number {
  const header = headerIn(start, fileLength);
  const length = header.getBigUint64(FILE_LENGTH_AT, true);
  if (BigInt(fileLength) < length)
    throw new IndexFormatError("truncated", `truncated: ${fileLength} bytes of the ${length} that it should have`);
  if (BigInt(fileLength) > length)
    throw new IndexFormatError("too long", `too long: ${fileLength} bytes where it should have ${length}`);
  const manifestLength = header.getUint32(MANIFEST_LENGTH_AT, true);
  const manifestEnd = HEADER_LENGTH + manifestLength;
  if (manifestLength > MAX_MANIFEST || manifestEnd > fileLength)
    throw contradictory(`its manifest has ${manifestLength} bytes, of at most ${MAX_MANIFEST} within the file`);
  return manifestEnd;
}

export interface Head extends Layout, Manifest {}

/** Checks a file by its first HEADER_LENGTH + MAX_MANIFEST bytes, before room is made. @throws IndexFormatError */
export function readHead(start: Uint8Array, fileLength: number): Head {
  const manifestEnd = readHeader(start, fileLength);
  const manifest = unpackManifest(start.subarray(HEADER_LENGTH, manifestEnd));
  const { counts } = manifest;
  const layout = layOut(counts, manifestEnd);
  if (layout.end !== fileLength) throw contradictory(`its counts need ${layout.end} bytes, and it has ${fileLength}`);
  return { ...layout, ...manifest };
}

/** Checks an index whole and returns views on its bytes, which must not change later. @throws IndexFormatError */
export function decode(bytes: Uint8Array | IndexParts, digest?: Buffer): Index {
  requireLittleEndian();
  const parts = bytes instanceof Uint8Array ? [bytes] : bytes;
  if (parts[0]!.byteOffset % 8 !== 0) throw new RangeError("the bytes of an index must be aligned to 8");
  readHeader(parts[0]!, totalLength(parts));
  requireDigest(parts[0]!, digest ?? digestOf(parts));
  // From here on the bytes are those that a builder wrote; what is left to find is a builder's mistake.
  const index = decodeChecked(parts);
  checkReferences(index, index.counts);
  return index;
}

/** @throws IndexFormatError where the checksum in the header is another one */
export function requireDigest(start: Uint8Array, digest: Buffer): void {
  if (!checksumOf(start).equals(digest))
    throw new IndexFormatError("altered", "altered: its content does not match its checksum");
}

/** Returns the same views in another thread, on bytes that `decode` has checked; free, however large the index. */
export function decodeChecked(parts: IndexParts): Index {
  return viewsOn(parts, totalLength(parts));
}

/** Returns views on all before the images, of which there are none then. @throws IndexFormatError */
export function decodeWithoutImages(bytes: Uint8Array, fileLength: number): Index {
  requireLittleEndian();
  const index = viewsOn([bytes], fileLength);
  checkReferences(index, index.counts);
  return index;
}

function viewsOn(parts: IndexParts, fileLength: number): Index {
  const [first, ...others] = parts as [Uint8Array, ...Uint8Array[]];
  const { counts, timeZone, exploration, offsets, images } = readHead(first, fileLength);
  return {
    ...sectionsOf(first, counts, offsets),
    counts,
    timeZone,
    exploration,
    digest: digestIn(first),
    generation: generationIn(first),
    images: new ImageParts([first.subarray(images), ...others]),
    parts,
  };
}

export function generationIn(start: Uint8Array): string {
  return checksumOf(start).toString("hex", 0, 8);
}

function digestIn(start: Uint8Array): string {
  return checksumOf(start).toString("hex");
}

function checksumOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + CHECKSUM_AT, CHECKSUM_LENGTH);
}
