/** The first bytes of images of each type, written by hand from the formats' specifications; the builder looks no further. */
import type { ImageType } from "../../src/index-sections.js";

/** ISO/IEC 14496-12, 4.3: the length of the box, `ftyp`, the major brand, the minor version, the compatible brands. */
export function fileTypeBox(major: string, ...compatible: readonly string[]): Buffer {
  const brands = Buffer.from(`ftyp${major}\0\0\0\0${compatible.join("")}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(brands.length + 4);
  return Buffer.concat([length, brands]);
}

export const IMAGE_BYTES: Readonly<Record<ImageType, Buffer>> = {
  png: Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1"),
  jpeg: Buffer.from("\xff\xd8\xff\xe0\0\x10JFIF\0", "latin1"),
  // The length in the middle has a line feed in it, which a length may.
  webp: Buffer.from("RIFF\x0a\0\0\0WEBPVP8 ", "latin1"),
  avif: fileTypeBox("avif", "mif1", "miaf"),
  gif: Buffer.from("GIF89a\x01\0\x01\0", "latin1"),
  svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
};
