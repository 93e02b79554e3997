/** Reads the type and the size of an image from its first bytes, whatever its file is named. */
import { imageSize } from "image-size";
import type { ImageType } from "../../src/index/sections.js";

/** In pixels, as a page lays it out; 0 and 0 where it is unknown. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export const UNKNOWN_SIZE: ImageSize = { width: 0, height: 0 };

const MAX_PIXELS = 2 ** 32 - 1;

/** Browsers clamp an SVG's size at some 33 million pixels. */
const MAX_SVG_PIXELS = 1_000_000;

const MAX_PROLOG_BYTES = 4096;
const MAX_TAG_BYTES = 1 << 16;

/** What is read becomes a string, which V8 limits to 512 MiB. */
const MAX_HEADER_BYTES = 1 << 27;

const SVG_PROLOG =
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\]\s*)?>\s*)*(?=<svg[\s>/])/i;

export function typeOf(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.subarray(0, 32)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  // ISO base media of the brand, or a still image of another that names avif among its compatible ones.
  if (/^[^]{4}ftyp(?:avi[fs]|mi[fa]1[^]*avi[fs])/.test(head)) return "avif";
  return SVG_PROLOG.test(textOf(bytes, MAX_PROLOG_BYTES)) ? "svg" : undefined;
}

/** Undefined where the image is damaged: only an SVG, and a cropped AVIF, may have no size. Never throws. */
export function sizeOf(image: Uint8Array, type: ImageType): ImageSize | undefined {
  const bytes = image.subarray(0, MAX_HEADER_BYTES);
  if (type === "svg") return svgSizeOf(bytes) ?? UNKNOWN_SIZE;
  if (type === "avif") return avifSizeOf(bytes);
  return librarySizeOf(bytes, type);
}

function librarySizeOf(bytes: Uint8Array, type: ImageType, most = MAX_PIXELS): ImageSize | undefined {
  try {
    // A copy: the library reads to the end of the underlying buffer, which may be a pool with other data.
    const { width, height, orientation, type: read } = imageSize(new Uint8Array(bytes));
    const isSize = [width, height].every((pixels) => Number.isInteger(pixels) && pixels >= 1 && pixels <= most);
    if (!isSize || read !== (type === "jpeg" ? "jpg" : type)) return undefined;
    // EXIF orientations 5 to 8 are turned by a quarter.
    const isSideways = orientation !== undefined && orientation >= 5 && orientation <= 8;
    return isSideways ? turned({ width, height }) : { width, height };
  } catch {
    return undefined;
  }
}

function turned({ width, height }: ImageSize): ImageSize {
  return { width: height, height: width };
}

/** The last byte of the box is the number of quarter turns: ISO/IEC 23008-12, 6.5.10. */
const QUARTER_TURN = /\x00\x00\x00\x09irot[\x01\x03]/;

/** The library ignores turns, gets crops wrong, and does not know the brand of image sequences. */
function avifSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const header = Buffer.from(bytes);
  if (header.includes("clap")) return UNKNOWN_SIZE;
  header.write("avif", 8, "latin1");
  const size = librarySizeOf(header, "avif");
  return size && QUARTER_TURN.test(header.toString("latin1")) ? turned(size) : size;
}

/** Lengths that the library and browsers read alike: no percentages, no font units. */
const SVG_LENGTH = /^["'](?:\d{1,9}(?:\.\d{1,9})?)(?:px|in|cm|mm|pt)?["']$/;

/** By the root element's tag alone: the library would also find a width in a comment, or in another attribute. */
function svgSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const text = textOf(bytes, MAX_PROLOG_BYTES + MAX_TAG_BYTES);
  const tag = text.slice(SVG_PROLOG.exec(text)?.[0].length ?? text.length);
  const attributes = new Map<string, string>();
  for (const [, name = "", value = ""] of tag.slice("<svg".length).matchAll(ATTRIBUTE)) attributes.set(name, value);
  const [width = "", height = ""] = [attributes.get("width"), attributes.get("height")];
  if (!SVG_LENGTH.test(width) || !SVG_LENGTH.test(height)) return undefined;
  return librarySizeOf(Buffer.from(`<svg width=${width} height=${height}>`), "svg", MAX_SVG_PIXELS);
}

const ATTRIBUTE = /\s+([^\s=>"'/]+)\s*=\s*("[^"]*"|'[^']*')/gy;

function textOf(bytes: Uint8Array, most: number): string {
  return Buffer.from(bytes.subarray(0, most)).toString("utf8");
}
