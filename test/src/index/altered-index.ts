/** A whole index to one that is altered at random, and what a reader should say of it. */
import { createHash } from "node:crypto";

type Random = () => number;
type Alteration = (bytes: Buffer, below: (limit: number) => number) => Buffer;

export const HEADER_LENGTH = 64;
const MAGIC = [0x89, 0x42, 0x42, 0x49, 0x44, 0x58, 0x0d, 0x0a];
/** What counts, offsets and lengths go wrong at. */
const EXTREMES = [0, 1, 2, 255, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];
const LONG_EXTREMES = [0n, 1n, 63n, 64n, 2n ** 32n, 2n ** 40n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

const flipBit: Alteration = (bytes, below) => {
  bytes[below(bytes.length)]! ^= 1 << below(8);
  return bytes;
};
const setByte: Alteration = (bytes, below) => {
  bytes[below(bytes.length)] = below(256);
  return bytes;
};
const setBytes: Alteration = (bytes, below) => {
  for (let count = 2 + below(30); count > 0; count--) bytes[below(bytes.length)] = below(256);
  return bytes;
};
const setNumber: Alteration = (bytes, below) => {
  bytes.writeUInt32LE(EXTREMES[below(EXTREMES.length)]!, below(bytes.length >>> 2) * 4);
  return bytes;
};
const copyNumber: Alteration = (bytes, below) => {
  const from = below(bytes.length >>> 2) * 4;
  bytes.copy(bytes, below(bytes.length >>> 2) * 4, from, from + 4);
  return bytes;
};
const swapRanges: Alteration = (bytes, below) => {
  const length = 1 + below(Math.min(64, bytes.length >>> 1));
  const at = below(bytes.length - 2 * length + 1);
  const other = at + length + below(bytes.length - at - 2 * length + 1);
  const kept = Buffer.from(bytes.subarray(at, at + length));
  bytes.copy(bytes, at, other, other + length);
  kept.copy(bytes, other);
  return bytes;
};
const truncate: Alteration = (bytes, below) => bytes.subarray(0, below(bytes.length));
const extend: Alteration = (bytes, below) =>
  Buffer.concat([bytes, Buffer.from(Array.from({ length: 1 + below(100) }, () => below(256)))]);
const insert: Alteration = (bytes, below) => {
  const at = below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), extend(Buffer.alloc(0), below), bytes.subarray(at)]);
};
const remove: Alteration = (bytes, below) => {
  const at = below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(20))]);
};
const setHeader: Alteration = (bytes, below) => {
  const field = below(4);
  if (field === 0) bytes.writeUInt32LE(EXTREMES[below(EXTREMES.length)]!, 8);
  else if (field === 1) bytes.writeUInt32LE(EXTREMES[below(EXTREMES.length)]!, 12);
  else if (field === 2) bytes.writeBigUInt64LE(LONG_EXTREMES[below(LONG_EXTREMES.length)]!, 16);
  else bytes[below(HEADER_LENGTH)] = below(256);
  return bytes;
};

const INSIDE = [flipBit, setByte, setBytes, setNumber, copyNumber, swapRanges];
const ANY = [...INSIDE, truncate, extend, insert, remove, setHeader];

/** Another file than `whole`, in memory of its own. */
export function altered(whole: Buffer, random: Random): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  for (;;) {
    const bytes = ANY[below(ANY.length)]!(Buffer.from(whole), below);
    if (!bytes.equals(whole)) return Uint8Array.from(bytes);
  }
}

/** Another file with a checksum and a length that fit: altered in its first `end` bytes, behind the header. */
export function resealed(whole: Buffer, end: number, random: Random): Uint8Array {
  const below = (limit: number): number => Math.floor(random() * limit);
  const kinds = [...INSIDE, ...INSIDE, insert, remove];
  const body = kinds[below(kinds.length)]!(Buffer.from(whole.subarray(HEADER_LENGTH, end)), below);
  return sealed(Buffer.concat([whole.subarray(0, HEADER_LENGTH), body, whole.subarray(end)]));
}

/** With the length and the checksum of its content. */
export function sealed(bytes: Buffer): Uint8Array {
  const copy = Uint8Array.from(bytes);
  new DataView(copy.buffer).setBigUint64(16, BigInt(copy.length), true);
  const hash = createHash("sha256").update(copy.subarray(0, 32)).update(copy.subarray(HEADER_LENGTH));
  copy.set(hash.digest(), 32);
  return copy;
}

/** The file with another manifest. */
export function withManifest(whole: Buffer, manifest: Uint8Array): Uint8Array {
  const end = HEADER_LENGTH + whole.readUInt32LE(12);
  const bytes = Buffer.concat([whole.subarray(0, HEADER_LENGTH), manifest, whole.subarray(end)]);
  bytes.writeUInt32LE(manifest.length, 12);
  return sealed(bytes);
}

/**
 * The faults that fit a file that is `whole` altered: by the README's table of the header, not by the reader's code.
 */
export function fittingErrors(bytes: Uint8Array, whole: Buffer): string[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (MAGIC.some((byte, at) => at < view.length && view[at] !== byte)) return ["magic"];
  if (view.length < HEADER_LENGTH) return ["truncated"];
  if (view.readUInt32LE(8) !== 4) return ["version"];
  if (view.readBigUInt64LE(16) > BigInt(view.length)) return ["truncated"];
  if (view.readBigUInt64LE(16) < BigInt(view.length)) return ["too long"];
  const end = HEADER_LENGTH + whole.readUInt32LE(12);
  const sameManifest =
    view.readUInt32LE(12) === whole.readUInt32LE(12) &&
    view.subarray(HEADER_LENGTH, end).equals(whole.subarray(HEADER_LENGTH, end));
  return sameManifest ? ["altered"] : ["altered", "contradictory"];
}
