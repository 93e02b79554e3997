/** The first 64 bytes of `index.bin`: what a file says of itself before it is read. */

export const FORMAT_VERSION = 1;
export const HEADER_LENGTH = 64;

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

export interface IndexHeader {
  /** Bytes. */
  readonly manifestLength: number;
  readonly fileLength: number;
}

// As PNG's: a first byte beyond ASCII and a line ending, so that a transfer in text mode shows.
const MAGIC = Uint8Array.of(0x89, 0x42, 0x42, 0x49, 0x44, 0x58, 0x0d, 0x0a);
const VERSION_AT = 8;
const MANIFEST_LENGTH_AT = 12;
const FILE_LENGTH_AT = 16;

/** Of all bytes but its own. */
export const CHECKSUM_AT = 32;
export const CHECKSUM_LENGTH = 32;

/** The checksum is written by who has the other bytes. */
export function writeHeader(bytes: Uint8Array, { manifestLength, fileLength }: IndexHeader): void {
  bytes.set(MAGIC);
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_LENGTH);
  header.setUint32(VERSION_AT, FORMAT_VERSION, true);
  header.setUint32(MANIFEST_LENGTH_AT, manifestLength, true);
  header.setBigUint64(FILE_LENGTH_AT, BigInt(fileLength), true);
}

/**
 * Holds what a file says of itself against what is there, before memory is taken for it.
 * @param head the first bytes of the file: HEADER_LENGTH of them, or all where there are fewer
 * @param size how many bytes the file has
 * @throws IndexFormatError that says what is wrong with the file
 */
export function readHeader(head: Uint8Array, size: number): IndexHeader {
  if (size > 0 && MAGIC.subarray(0, head.length).some((byte, at) => byte !== head[at]))
    throw new IndexFormatError("magic", "not a Billboard index: it does not start with the magic bytes");
  if (size < HEADER_LENGTH)
    throw new IndexFormatError("truncated", `truncated: ${size} bytes, and the header alone has ${HEADER_LENGTH}`);
  const header = new DataView(head.buffer, head.byteOffset, HEADER_LENGTH);
  const version = header.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION)
    throw new IndexFormatError(
      "version",
      `format version ${version}${version > FORMAT_VERSION ? ", newer than this release," : ""} where ${FORMAT_VERSION} was expected`,
    );
  const length = header.getBigUint64(FILE_LENGTH_AT, true);
  if (BigInt(size) < length)
    throw new IndexFormatError("truncated", `truncated: ${size} bytes of the ${length} that it should have`);
  if (BigInt(size) > length)
    throw new IndexFormatError("too long", `too long: ${size} bytes where it should have ${length}`);
  const manifestLength = header.getUint32(MANIFEST_LENGTH_AT, true);
  if (HEADER_LENGTH + manifestLength > size)
    throw new IndexFormatError("contradictory", `contradictory: its manifest has ${manifestLength} bytes of ${size}`);
  return { manifestLength, fileLength: size };
}
