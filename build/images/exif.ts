/** Reads of an EXIF block what changes the size of an image: how it is turned, and how dense its pixels are. */
import { turned, type ImageSize } from "./size.js";

/** The first value of each tag that has the type it should have. */
export interface Exif {
  readonly orientation: number | undefined;
  readonly dotsPerInch: readonly [x: number, y: number] | undefined;
  readonly size: ImageSize | undefined;
}

const TAG = {
  orientation: 0x0112,
  xResolution: 0x011a,
  yResolution: 0x011b,
  resolutionUnit: 0x0128,
  exifFolder: 0x8769,
  pixelWidth: 0xa002,
  pixelHeight: 0xa003,
};

const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

const INCH = 2;

/** As far as it can be read: browsers make the best of a broken one, too. */
export function readExif(tiff: Buffer): Exif {
  const values = new Map<number, number>();
  const order = tiff.toString("latin1", 0, 4);
  if (order === "MM\0*" || order === "II*\0") new TiffReader(tiff, order === "II*\0", values).readFolders();
  const get = (tag: keyof typeof TAG): number => values.get(TAG[tag]) ?? 0;
  const dotsPerInch = [get("xResolution"), get("yResolution")] as const;
  const size = { width: get("pixelWidth"), height: get("pixelHeight") };
  return {
    orientation: values.get(TAG.orientation),
    dotsPerInch: get("resolutionUnit") === INCH && Math.min(...dotsPerInch) > 0 ? dotsPerInch : undefined,
    size: size.width > 0 && size.height > 0 ? size : undefined,
  };
}

/** Orientations 5 to 8 are turned by a quarter. */
export function orientedSize(size: ImageSize | undefined, { orientation = 1 }: Exif): ImageSize | undefined {
  return orientation >= 5 ? turned(size) : size;
}

/** HTML, "density-corrected natural width and height": where the block's size is the image's, at 72 dots per inch. */
export function denseSize(size: ImageSize, { dotsPerInch, size: said }: Exif): ImageSize {
  if (dotsPerInch === undefined || said === undefined) return size;
  const isSaid =
    Math.round(Math.fround((size.width * 72) / dotsPerInch[0])) === said.width &&
    Math.round(Math.fround((size.height * 72) / dotsPerInch[1])) === said.height;
  return isSaid ? said : size;
}

class TiffReader {
  readonly #tiff: Buffer;
  readonly #isLittle: boolean;
  readonly #values: Map<number, number>;

  constructor(tiff: Buffer, isLittle: boolean, values: Map<number, number>) {
    this.#tiff = tiff;
    this.#isLittle = isLittle;
    this.#values = values;
  }

  readFolders(): void {
    if (this.#tiff.length >= 8) this.#readFolder(this.#uint32(4), true);
  }

  #readFolder(start: number, isFirst: boolean): void {
    if (start + 2 > this.#tiff.length) return;
    const end = start + 2 + 12 * this.#uint16(start);
    for (let entry = start + 2; entry < end && entry + 12 <= this.#tiff.length; entry += 12) {
      const tag = this.#uint16(entry);
      const value = this.#uint32(entry + 4) === 1 ? this.#valueAt(entry) : undefined;
      if (value === undefined) continue;
      if (tag === TAG.exifFolder && isFirst) this.#readFolder(value, false);
      const isValid = tag !== TAG.orientation || (value >= 1 && value <= 8);
      if (isValid && !this.#values.has(tag)) this.#values.set(tag, value);
    }
  }

  #valueAt(entry: number): number | undefined {
    const [tag, type] = [this.#uint16(entry), this.#uint16(entry + 2)];
    if (tag === TAG.xResolution || tag === TAG.yResolution) {
      const place = this.#uint32(entry + 8);
      if (type !== RATIONAL || place + 8 > this.#tiff.length) return undefined;
      const [above, below] = [this.#uint32(place), this.#uint32(place + 4)];
      return below === 0 ? 0 : above / below;
    }
    if (type === SHORT) return this.#uint16(entry + 8);
    return type === LONG && tag >= TAG.exifFolder ? this.#uint32(entry + 8) : undefined;
  }

  #uint16(at: number): number {
    return this.#isLittle ? this.#tiff.readUInt16LE(at) : this.#tiff.readUInt16BE(at);
  }

  #uint32(at: number): number {
    return this.#isLittle ? this.#tiff.readUInt32LE(at) : this.#tiff.readUInt32BE(at);
  }
}
