/** Reads the size of a PNG (W3C PNG, third edition) from the chunks before its pixels. */
import { crc32 } from "node:zlib";
import { orientedSize, readExif, type Exif } from "./exif.js";
import { drawnSize, type ImageSize } from "./size.js";

const MAX_SIDE = 1_000_000;

/** By colour type: the bit depths that there are, 11.2.1. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Undefined where browsers draw nothing. @throws RangeError where the bytes end before the pixels begin */
export function pngSize(bytes: Buffer): ImageSize | undefined {
  let size: ImageSize | undefined;
  let exif: Exif | undefined;
  for (let start = 8; ;) {
    const length = bytes.readUInt32BE(start);
    bytes.readUInt32BE(start + 4);
    const type = bytes.toString("latin1", start + 4, start + 8);
    if (type === "IDAT") return exif ? orientedSize(size, exif) : size;
    const data = bytes.subarray(start + 8, start + 8 + length);
    const isIntact = crc32(bytes.subarray(start + 4, start + 8 + length)) === bytes.readUInt32BE(start + 8 + length);
    if (type === "IHDR" && size === undefined && length === 13 && isIntact) size = headerSize(data);
    // A capital letter first: a chunk that must be understood.
    else if (/^[A-Z]/.test(type) && (type !== "PLTE" || !isIntact)) return undefined;
    else if (type === "eXIf" && isIntact) exif ??= readExif(data);
    if (size === undefined) return undefined;
    start += 12 + length;
  }
}

function headerSize(data: Buffer): ImageSize | undefined {
  const [depth = 0, colourType = 0, compression, filter, interlace = 2] = data.subarray(8);
  if (!DEPTHS[colourType]?.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) return undefined;
  return drawnSize(data.readUInt32BE(0), data.readUInt32BE(4), MAX_SIDE);
}
