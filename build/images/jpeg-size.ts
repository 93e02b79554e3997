/** Reads the size of a JPEG (ITU-T T.81) from the segments before its first scan, as its EXIF block corrects it. */
import { denseSize, orientedSize, readExif, type Exif } from "./exif.js";
import { drawnSize, type ImageSize } from "./size.js";

/** As libjpeg has it. */
const MAX_SIDE = 65_500;

const RESTARTS_AND_STUFFING = /[\x00\x01\xd0-\xd7]/;
const FRAMES = /[\xc0-\xc3\xc9-\xcb]/;
const SCAN = 0xda;
const APP1 = 0xe1;

/** Tables, application data, comments, and a number of lines that comes too early to count. */
const OTHERS = /[\xc4\xcc\xdb-\xdd\xe0-\xef\xfe]/;

/** Undefined where browsers draw nothing. @throws RangeError where the bytes end before the first scan */
export function jpegSize(bytes: Buffer): ImageSize | undefined {
  let size: ImageSize | undefined;
  let exif: Exif | undefined;
  for (let start = 2; ;) {
    // Browsers pass over what is between segments and no marker.
    start = bytes.indexOf(0xff, start);
    if (start === -1) return undefined;
    const code = bytes.readUInt8(start + 1);
    const marker = String.fromCharCode(code);
    // Any marker may be preceded by fill bytes of 0xff: B.1.1.2.
    if (code === 0xff) start += 1;
    else if (RESTARTS_AND_STUFFING.test(marker)) start += 2;
    else {
      // Browsers read a length of less than its own two bytes as one of two.
      const length = Math.max(bytes.readUInt16BE(start + 2), 2);
      const data = bytes.subarray(start + 4, start + 2 + length);
      if (FRAMES.test(marker)) {
        // The first frame is the only one.
        if (size !== undefined) return undefined;
        size = drawnSize(data.readUInt16BE(3), data.readUInt16BE(1), MAX_SIDE);
        if (size === undefined) return undefined;
      } else if (code === SCAN) {
        bytes.readUInt8(start + 1 + length);
        return size && (exif ? orientedSize(denseSize(size, exif), exif) : size);
      } else if (!OTHERS.test(marker)) return undefined;
      // Whatever the sixth byte is: it is there to pad.
      else if (code === APP1 && data.length >= 6 && data.toString("latin1", 0, 5) === "Exif\0")
        exif ??= data.length > 6 ? readExif(data.subarray(6)) : undefined;
      start += 2 + length;
    }
  }
}
