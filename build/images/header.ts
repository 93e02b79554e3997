/** The bytes of an image to its type and its size, whatever the name of its file says. */
import { imageSize } from "image-size";
import type { ImageType } from "../../src/index/sections.js";

/** In pixels, as a page lays it out; 0 and 0 where the image does not tell. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export const UNTOLD: ImageSize = { width: 0, height: 0 };

/** The most that the index has room for. No raster image is as wide. */
const MOST_PIXELS = 2 ** 32 - 1;

/** Browsers lay no SVG out as it says that is some 33 million pixels wide. */
const MOST_SVG_PIXELS = 1_000_000;

/** How far into a file the root element of an SVG is looked for, and how long its tag may be. */
const LONGEST_PROLOG = 4096;
const LONGEST_TAG = 1 << 16;

/** What may come before the root element of an SVG. */
const SVG_PROLOG =
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE\s+svg[^>[]*(?:\[[^\]]*\]\s*)?>\s*)*(?=<svg[\s>/])/i;

/** The type that the bytes themselves tell, by their first ones. */
export function typeOf(bytes: Uint8Array): ImageType | undefined {
  const head = Buffer.from(bytes.subarray(0, 32)).toString("latin1");
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "webp";
  // ISO base media: the major brand, or a still image of another brand that names avif among those it is compatible with.
  if (/^[^]{4}ftyp(?:avi[fs]|mi[fa]1[^]*avi[fs])/.test(head)) return "avif";
  return SVG_PROLOG.test(textOf(bytes, LONGEST_PROLOG)) ? "svg" : undefined;
}

/**
 * Never throws, whatever the bytes are. Undefined where the image is damaged: only an SVG, and an AVIF of which a part is shown, need
 * not tell their size.
 */
export function sizeOf(bytes: Uint8Array, type: ImageType): ImageSize | undefined {
  if (type === "svg") return svgSizeOf(bytes) ?? UNTOLD;
  if (type === "avif") return avifSizeOf(bytes);
  return librarySizeOf(bytes, type);
}

function librarySizeOf(bytes: Uint8Array, type: ImageType, most = MOST_PIXELS): ImageSize | undefined {
  try {
    // A copy with a buffer of its own: the library reads on to the end of the buffer, which may be a pool with other data in it.
    const { width, height, orientation, type: read } = imageSize(new Uint8Array(bytes));
    const isSize = [width, height].every((pixels) => Number.isInteger(pixels) && pixels >= 1 && pixels <= most);
    if (!isSize || read !== LIBRARY_NAMES[type]) return undefined;
    return isSideways(orientation) ? turned({ width, height }) : { width, height };
  } catch {
    // Of bytes that it cannot make sense of, the library says no more than that.
    return undefined;
  }
}

/** As the library calls the types. */
const LIBRARY_NAMES: Readonly<Record<ImageType, string>> = {
  ...{ png: "png", jpeg: "jpg", webp: "webp", avif: "avif", gif: "gif", svg: "svg" },
};

/** By EXIF: those from 5 to 8 lie on their side, and there are none beyond. */
function isSideways(orientation = 1): boolean {
  return orientation >= 5 && orientation <= 8;
}

function turned({ width, height }: ImageSize): ImageSize {
  return { width: height, height: width };
}

/** A box of 9 bytes, of which the last says by how many quarters the image is turned to be shown: ISO/IEC 23008-12, 6.5.10. */
const QUARTER_TURN = /\x00\x00\x00\x09irot[\x01\x03]/;

/** The library heeds neither that an image is turned nor, rightly, that a part of it is shown; and does not know that of a sequence. */
function avifSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const header = Buffer.from(bytes);
  if (header.includes("clap")) return UNTOLD;
  header.write("avif", MAJOR_BRAND, "latin1");
  const size = librarySizeOf(header, "avif");
  return size && QUARTER_TURN.test(header.toString("latin1")) ? turned(size) : size;
}

/** Where the brand is by which the library knows the type. */
const MAJOR_BRAND = 8;

/** Width and height of which the library and browsers make the same: not a share of the page, nor units of a font. */
const SVG_LENGTH = /^["'](?:\d{1,9}(?:\.\d{1,9})?)(?:px|in|cm|mm|pt)?["']$/;

/**
 * By the width and height of the root element: the library itself would take them from a comment before it, or from within another
 * attribute. Undefined where one of them is missing or no length; browsers then make a size of their own.
 */
function svgSizeOf(bytes: Uint8Array): ImageSize | undefined {
  const text = textOf(bytes, LONGEST_PROLOG + LONGEST_TAG);
  const tag = text.slice(SVG_PROLOG.exec(text)?.[0].length ?? text.length);
  const attributes = new Map<string, string>();
  // To where something comes that is no attribute, mostly the end of the tag.
  for (const [, name = "", value = ""] of tag.slice("<svg".length).matchAll(ATTRIBUTE)) attributes.set(name, value);
  const [width = "", height = ""] = [attributes.get("width"), attributes.get("height")];
  if (!SVG_LENGTH.test(width) || !SVG_LENGTH.test(height)) return undefined;
  return librarySizeOf(Buffer.from(`<svg width=${width} height=${height}>`), "svg", MOST_SVG_PIXELS);
}

const ATTRIBUTE = /\s+([^\s=>"'/]+)\s*=\s*("[^"]*"|'[^']*')/gy;

function textOf(bytes: Uint8Array, most: number): string {
  return Buffer.from(bytes.subarray(0, most)).toString("utf8");
}
