/** PNGs of 3 x 2 pixels, written chunk by chunk. */
import { crc32, deflateSync } from "node:zlib";
import { altered, big, images, latin, type OddImages } from "./odd-image.js";
import { density, orientation } from "./tiff.js";

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const checked = Buffer.concat([latin(type), data]);
  return Buffer.concat([big(data.length, 4), checked, big(crc32(checked), 4)]);
}

const damaged = (chunk: Buffer): Buffer => altered(chunk, chunk.length - 1, chunk.at(-1)! ^ 1);

const header = (width = 3, height = 2, depth = 8, colour = 2, interlace = 0): Buffer =>
  chunk("IHDR", Buffer.concat([big(width, 4), big(height, 4), Buffer.from([depth, colour, 0, 0, interlace])]));
const PIXELS = chunk("IDAT", deflateSync(Buffer.alloc(2 * (1 + 3 * 3))));
const END = chunk("IEND");
const png = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([latin("\x89PNG\r\n\x1a\n"), ...chunks]);
const withChunks = (...more: readonly Buffer[]): Buffer => png(header(), ...more, PIXELS, END);
const eXIf = (tiff: Buffer): Buffer => chunk("eXIf", tiff);

export const PNGS: OddImages = {
  shown: images({
    plain: withChunks(),
    ...Object.fromEntries(
      [1, 3, 5, 6, 7, 8, 9].map((value) => [`eXIf of orientation ${value}`, withChunks(eXIf(orientation(value)))]),
    ),
    "eXIf, little-endian": withChunks(eXIf(orientation(6, "II"))),
    "eXIf behind the pixels": png(header(), PIXELS, eXIf(orientation(6)), END),
    "eXIf that is broken": withChunks(eXIf(latin("MM\0*\xff\xff\xff\xff"))),
    "eXIf with a wrong checksum, then a right one": withChunks(damaged(eXIf(orientation(1))), eXIf(orientation(6))),
    "eXIf twice": withChunks(eXIf(orientation(6)), eXIf(orientation(1))),
    "eXIf of twice the density": withChunks(eXIf(density([2, 1], [144, 144]))),
    "pixels that are not square": withChunks(
      chunk("pHYs", Buffer.concat([big(9000, 4), big(3000, 4), Buffer.from([1])])),
    ),
    interlaced: png(header(3, 2, 8, 2, 1), PIXELS, END),
    palette: png(header(3, 2, 8, 3), chunk("PLTE", Buffer.alloc(3)), chunk("IDAT", deflateSync(Buffer.alloc(8))), END),
    animated: withChunks(
      chunk("acTL", Buffer.concat([big(1, 4), big(0, 4)])),
      chunk(
        "fcTL",
        Buffer.concat([big(0, 4), big(3, 4), big(2, 4), big(0, 4), big(0, 4), big(0x00010001, 4), big(0, 2)]),
      ),
    ),
    "a text with a wrong checksum": withChunks(damaged(chunk("tEXt", latin("a\0b")))),
    "cut within its pixels": withChunks().subarray(0, -20),
    "other bytes behind its end": Buffer.concat([withChunks(), latin("rest")]),
    "1,000,000 x 1": png(header(1_000_000, 1), PIXELS, END),
  }),
  broken: images({
    "no width": png(header(0, 2), PIXELS, END),
    "a header with a wrong checksum": png(damaged(header()), PIXELS, END),
    "a text before its header": png(chunk("tEXt", latin("a\0b")), header(), PIXELS, END),
    "no pixels": png(header(), END),
    "cut before its pixels": png(header()),
    "cut in its header": png(header()).subarray(0, 20),
    "a bit depth that there is not": png(header(3, 2, 3), PIXELS, END),
    "a chunk that must be understood": withChunks(chunk("ABCD")),
    "1,000,001 x 1": png(header(1_000_001, 1), PIXELS, END),
    "2 GiB of pixels": png(header(23_171, 23_171), PIXELS, END),
  }),
};
