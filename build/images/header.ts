/** Reads the type and the size of an image from its bytes, whatever its file is named. */
import { IMAGE_EXTENSIONS, type ImageType } from "../../src/index/sections.js";
import { avifSize } from "./avif-size.js";
import { gifSize } from "./gif-size.js";
import { jpegSize } from "./jpeg-size.js";
import { pngSize } from "./png-size.js";
import type { ImageSize } from "./size.js";
import { isMarkup, NOT_AN_SVG, svgSize } from "./svg-size.js";
import { webpSize } from "./webp-size.js";

export const NOT_AN_IMAGE = `not an image: expected the bytes of one of ${IMAGE_EXTENSIONS.join(", ")}`;

/** By the bytes it begins with: what is a page may pass for an SVG here. */
export function typeOf(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  if (head.slice(4, 8) === "ftyp") return hasAvifBrand(bytes) ? "avif" : undefined;
  return isMarkup(bytes) ? "svg" : undefined;
}

/** ISO/IEC 14496-12, 4.3: the major brand, its version, and the brands that the file is compatible with. */
function hasAvifBrand(bytes: Uint8Array): boolean {
  const length = Buffer.from(bytes.subarray(0, 4)).readUInt32BE();
  const brands = Buffer.from(bytes.subarray(8, Math.min(length, MAX_BRANDS_BYTES))).toString("latin1");
  return brands.match(/[^]{4}/g)?.some((brand, at) => at !== 1 && /^avi[fs]$/.test(brand)) ?? false;
}

const MAX_BRANDS_BYTES = 4096;

const READERS = { png: pngSize, jpeg: jpegSize, gif: gifSize, webp: webpSize, avif: avifSize };

/** The size, or why browsers show no image. */
export function sizeOf(bytes: Uint8Array, type: ImageType): ImageSize | string {
  if (type === "svg") {
    const size = svgSize(bytes);
    return size === NOT_AN_SVG ? NOT_AN_IMAGE : size;
  }
  const size = readSize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), READERS[type]);
  return size ?? `a damaged ${type}, which browsers do not show`;
}

function readSize(bytes: Buffer, reader: (bytes: Buffer) => ImageSize | undefined): ImageSize | undefined {
  try {
    return reader(bytes);
  } catch (error) {
    // Buffer says so where its bytes end before what is read of them.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
