/** Writes the boxes of an AVIF: of one with items, and of a sequence. */
import { big, latin } from "./odd-image.js";

export const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([big(body.length + 8, 4), latin(type), body]);
};
export const fullBox = (type: string, version: number, ...parts: readonly Buffer[]): Buffer =>
  box(type, big(version * 2 ** 24, 4), ...parts);
export const uint16s = (...values: readonly number[]): Buffer => Buffer.concat(values.map((value) => big(value, 2)));
export const uint32s = (...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => big(value >>> 0, 4)));

export function boxOf(file: Buffer, type: string): Buffer {
  const start = file.indexOf(type, 0, "latin1") - 4;
  return file.subarray(start, start + file.readUInt32BE(start));
}
export const pixelsOf = (file: Buffer): Buffer => boxOf(file, "mdat").subarray(8);

export interface Item {
  readonly type: string;
  readonly data: Buffer;
  /** With a minus where the property is not essential. */
  readonly properties: readonly number[];
}

export interface Parts {
  readonly brands?: readonly string[];
  readonly properties: readonly Buffer[];
  readonly items: readonly Item[];
  /** From 1 on. */
  readonly primary?: number;
  readonly references?: Buffer;
}

export function avif({ brands = ["avif", "mif1"], properties, items, primary = 1, references }: Parts): Buffer {
  const fileType = box("ftyp", latin(brands[0]!), uint32s(0), latin(brands.slice(1).join("")));
  const meta = (start: number): Buffer => {
    let place = start;
    const locations = items.map(({ data }, at) => {
      place += data.length;
      return Buffer.concat([uint16s(at + 1, 0, 1), uint32s(place - data.length, data.length)]);
    });
    return fullBox(
      "meta",
      0,
      fullBox("hdlr", 0, uint32s(0), latin("pict"), Buffer.alloc(13)),
      fullBox("pitm", 0, uint16s(primary)),
      fullBox("iloc", 0, latin("\x44\0"), uint16s(items.length), ...locations),
      fullBox(
        "iinf",
        0,
        uint16s(items.length),
        ...items.map(({ type }, at) => fullBox("infe", 2, uint16s(at + 1, 0), latin(`${type}\0`))),
      ),
      ...(references ? [fullBox("iref", 0, references)] : []),
      box(
        "iprp",
        box("ipco", ...properties),
        fullBox(
          "ipma",
          0,
          uint32s(items.length),
          ...items.map(({ properties }, at) =>
            Buffer.concat([
              uint16s(at + 1),
              Buffer.from([properties.length, ...properties.map((index) => (index < 0 ? -index : index | 0x80))]),
            ]),
          ),
        ),
      ),
    );
  };
  const start = fileType.length + meta(0).length + 8;
  return Buffer.concat([fileType, meta(start), box("mdat", ...items.map(({ data }) => data))]);
}

const MATRIX = uint32s(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** Of the pixels of another file, twice, at whatever size its track says. */
export function sequence(file: Buffer, width: number, height: number, more: readonly Buffer[] = []): Buffer {
  const fileType = box("ftyp", latin("avis"), uint32s(0), latin("avismsf1"));
  const frame = pixelsOf(file);
  const sample = box(
    "av01",
    ...[Buffer.alloc(6), uint16s(1), Buffer.alloc(16), uint16s(3, 2), uint32s(0x480000, 0x480000, 0), uint16s(1)],
    ...[Buffer.alloc(32), uint16s(24, 0xffff), boxOf(file, "av1C"), fullBox("ccst", 0, uint32s(0x7c000000)), ...more],
  );
  const samples = (start: number): Buffer =>
    box(
      "stbl",
      fullBox("stsd", 0, uint32s(1), sample),
      fullBox("stts", 0, uint32s(1, 2, 100)),
      fullBox("stsc", 0, uint32s(1, 1, 2, 1)),
      fullBox("stsz", 0, uint32s(0, 2, frame.length, frame.length)),
      fullBox("stco", 0, uint32s(1, start)),
      fullBox("stss", 0, uint32s(2, 1, 2)),
    );
  const movie = (start: number): Buffer =>
    box(
      "moov",
      fullBox(
        "mvhd",
        0,
        uint32s(0, 0, 1000, 200, 0x10000),
        uint16s(0x100),
        Buffer.alloc(10),
        MATRIX,
        Buffer.alloc(24),
        uint32s(2),
      ),
      box(
        "trak",
        fullBox(
          "tkhd",
          0,
          uint32s(0, 0, 1, 0, 200),
          Buffer.alloc(16),
          MATRIX,
          uint32s(width * 0x10000, height * 0x10000),
        ),
        box(
          "mdia",
          fullBox("mdhd", 0, uint32s(0, 0, 1000, 200, 0)),
          fullBox("hdlr", 0, uint32s(0), latin("pict"), Buffer.alloc(13)),
          box(
            "minf",
            fullBox("vmhd", 0, Buffer.alloc(8)),
            box("dinf", fullBox("dref", 0, uint32s(1), box("url ", uint32s(1)))),
            samples(start),
          ),
        ),
      ),
    );
  const start = fileType.length + movie(0).length + 8;
  return Buffer.concat([fileType, movie(start), box("mdat", frame, frame)]);
}
