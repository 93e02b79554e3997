/** WebPs of 3 x 2 pixels in each form, put together of the chunks of others. */
import { EXTENDED_WEBP, IMAGE_BYTES, LOSSLESS_WEBP } from "../image-bytes.js";
import { altered, images, latin, little, type OddImages } from "./odd-image.js";
import { orientation } from "./tiff.js";

const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([latin(type), little(data.length, 4), data, Buffer.alloc(data.length % 2)]);
function webp(...chunks: readonly Buffer[]): Buffer {
  const body = Buffer.concat([latin("WEBP"), ...chunks]);
  return Buffer.concat([latin("RIFF"), little(body.length, 4), body]);
}
const canvas = (width: number, height: number, flags = 0): Buffer =>
  chunk("VP8X", Buffer.concat([little(flags, 4), little(width - 1, 3), little(height - 1, 3)]));
const animation = chunk("ANIM", Buffer.alloc(6));
const frame = (x: number, y: number, image: Buffer): Buffer =>
  chunk("ANMF", Buffer.concat([little(x / 2, 3), little(y / 2, 3), little(2, 3), little(1, 3), little(100, 4), image]));

const LOSSY = IMAGE_BYTES.webp;
const lossy = LOSSY.subarray(12);
const lossless = LOSSLESS_WEBP.subarray(12);
const ANIMATED = 2;

export const WEBPS: OddImages = {
  shown: images({
    lossy: LOSSY,
    lossless: LOSSLESS_WEBP,
    "extended, with an alpha channel": EXTENDED_WEBP,
    "extended, lossless": webp(canvas(3, 2), lossless),
    "extended, with EXIF that turns it": webp(canvas(3, 2, 8), lossy, chunk("EXIF", orientation(6))),
    "extended, with a chunk that nobody knows": webp(canvas(3, 2), chunk("JUNK", latin("junk!")), lossy),
    animated: webp(canvas(3, 2, ANIMATED), animation, frame(0, 0, lossy), frame(0, 0, lossless)),
    "animated, on a larger canvas": webp(canvas(9, 8, ANIMATED), animation, frame(0, 0, lossy), frame(4, 2, lossless)),
    "bits for scaling": altered(LOSSY, 27, LOSSY[27]! | 0x40),
    "other bytes behind its end": Buffer.concat([LOSSY, latin("rest")]),
  }),
  broken: images({
    "cut in its header": LOSSY.subarray(0, 25),
    "cut in its pixels": LOSSY.subarray(0, -4),
    "cut, lossless": LOSSLESS_WEBP.subarray(0, 24),
    "no width": altered(LOSSY, 26, 0, 0),
    "another start code": altered(LOSSY, 23, 0),
    "no key frame": altered(LOSSY, 20, LOSSY[20]! | 1),
    "another signature, lossless": altered(LOSSLESS_WEBP, 20, 0),
    "extended, of another size than its frame": webp(canvas(9, 8), lossy),
    "extended, without a frame": webp(canvas(3, 2)),
    "animated, a frame beyond its canvas": webp(canvas(3, 2, ANIMATED), animation, frame(2, 0, lossy)),
    "animated, without a frame": webp(canvas(3, 2, ANIMATED), animation),
    "a length that is too large": altered(LOSSY, 4, 0xff),
  }),
};
