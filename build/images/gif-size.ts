/** Reads the size of a GIF (GIF89a): that of its screen, and as much more as its first frame needs. */
import { drawnSize, type ImageSize } from "./size.js";

const EXTENSION = 0x21;
const FRAME = 0x2c;

/** Undefined where browsers draw nothing. @throws RangeError where the bytes end before the first frame */
export function gifSize(bytes: Buffer): ImageSize | undefined {
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  let start = 13 + paletteLength(bytes.readUInt8(10));
  while (bytes.readUInt8(start) === EXTENSION) {
    start += 2;
    for (let length = -1; length !== 0; start += 1 + length) length = bytes.readUInt8(start);
  }
  if (bytes.readUInt8(start) !== FRAME) return drawnSize(width, height, Infinity);
  const [x, y] = [bytes.readUInt16LE(start + 1), bytes.readUInt16LE(start + 3)];
  const right = x + bytes.readUInt16LE(start + 5);
  const bottom = y + bytes.readUInt16LE(start + 7);
  return drawnSize(Math.max(width, right), Math.max(height, bottom), Infinity);
}

function paletteLength(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}
