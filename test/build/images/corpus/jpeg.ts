/** JPEGs of 3 x 2 pixels with other segments, or of another header. */
import { IMAGE_BYTES } from "../image-bytes.js";
import { altered, big, images, latin, type OddImages } from "./odd-image.js";
import { density, orientation, tiff } from "./tiff.js";

const JPEG = IMAGE_BYTES.jpeg;
const FRAME = JPEG.indexOf(latin("\xff\xc0"));
const SCAN = JPEG.indexOf(latin("\xff\xda"));

const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker]), big(data.length + 2, 2), data]);
const exif = (block: Buffer, name = "Exif\0\0"): Buffer => segment(0xe1, Buffer.concat([latin(name), block]));
const begun = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([JPEG.subarray(0, 2), ...segments, JPEG.subarray(2)]);
const beforeFrame = (...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([JPEG.subarray(0, FRAME), ...segments, JPEG.subarray(FRAME)]);
/** Of other pixels than its frame says, which browsers do not mind. */
const sized = (width: number, height: number): Buffer => altered(JPEG, FRAME + 5, ...big(height, 2), ...big(width, 2));

function filled(bytes: number): Buffer {
  const parts: Buffer[] = [JPEG.subarray(0, 2)];
  for (let start = 2; start <= SCAN;) {
    const end = start === SCAN ? JPEG.length : start + 2 + JPEG.readUInt16BE(start + 2);
    parts.push(Buffer.alloc(bytes, 0xff), JPEG.subarray(start, end));
    start = end;
  }
  return Buffer.concat(parts);
}

const BROKEN_EXIF = exif(latin("II*\0\xff\xff\xff\xff"));

export const JPEGS: OddImages = {
  shown: images({
    plain: JPEG,
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => [`EXIF of orientation ${value}`, begun(exif(orientation(value)))]),
    ),
    "EXIF, little-endian": begun(exif(orientation(8, "II"))),
    "EXIF behind XMP": begun(segment(0xe1, latin("http://ns.adobe.com/xap/1.0/\0<x/>")), exif(orientation(6))),
    "EXIF behind its frame": Buffer.concat([JPEG.subarray(0, SCAN), exif(orientation(6)), JPEG.subarray(SCAN)]),
    "EXIF with a thumbnail": begun(exif(Buffer.concat([orientation(6), sized(9, 9)]))),
    "EXIF that is broken": begun(BROKEN_EXIF),
    "EXIF that is broken, then one that is not": begun(BROKEN_EXIF, exif(orientation(6))),
    "EXIF that is empty, then one that is not": begun(exif(Buffer.alloc(0)), exif(orientation(6))),
    "EXIF twice": begun(exif(orientation(6)), exif(orientation(1))),
    "EXIF with more entries than there are": begun(exif(altered(orientation(6), 8, 0, 50))),
    "EXIF with its orientation as another type": begun(exif(tiff([[0x0112, "long", 6]]))),
    "EXIF with its orientation in its second folder": begun(exif(tiff([], [[0x0112, "short", 6]]))),
    "EXIF named without its padding": begun(exif(orientation(6), "Exif\0")),
    "EXIF of half the density": begun(exif(density([6, 4], [36, 36]))),
    "EXIF of another density across": begun(exif(density([1, 2], [216, 72]))),
    "EXIF of half the density, turned": begun(exif(density([6, 4], [36, 36], { before: [[0x0112, "short", 6]] }))),
    "EXIF of a density that does not fit its size": begun(exif(density([6, 5], [36, 36]))),
    "EXIF of a density in centimetres": begun(exif(density([6, 4], [36, 36], { unit: 3 }))),
    "EXIF of a density that must be rounded": begun(exif(density([5, 4], [42.1, 36.3]))),
    "one fill byte before each marker": filled(1),
    "nine fill bytes before each marker": filled(9),
    "rubbish between its segments": beforeFrame(latin("ab\0\xff\0cd")),
    "restart markers between its segments": beforeFrame(latin("\xff\xd0\xff\x01")),
    "a segment of length 0": beforeFrame(latin("\xff\xe5\0\0")),
    "a comment that looks like a frame": begun(segment(0xfe, latin("\xff\xc0\0\x11\x08\0\x09\0\x09"))),
    progressive: altered(JPEG, FRAME + 1, 0xc2),
    "cut in its scan": JPEG.subarray(0, -3),
    "other bytes behind its end": Buffer.concat([JPEG, latin("rest")]),
    "65500 x 2": sized(65_500, 2),
  }),
  broken: images({
    "no height": sized(3, 0),
    "no width": sized(0, 2),
    "cut before its scan": JPEG.subarray(0, SCAN),
    "cut in the header of its scan": JPEG.subarray(0, SCAN + 6),
    "cut before its frame": JPEG.subarray(0, FRAME),
    "its end before its frame": beforeFrame(latin("\xff\xd9")),
    "two frames": beforeFrame(JPEG.subarray(FRAME, FRAME + 2 + JPEG.readUInt16BE(FRAME + 2))),
    "rubbish at its start": begun(latin("ab")),
    "a frame that nobody decodes": altered(JPEG, FRAME + 1, 0xc5),
    "65501 x 2": sized(65_501, 2),
    "2 GiB of pixels": sized(23_171, 23_171),
  }),
};
