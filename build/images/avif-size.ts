/** Reads the size of an AVIF from the properties of its primary item, or from its track where it is a sequence. */
import { drawnSize, turned, type ImageSize } from "./size.js";

/** As libavif has it by default. */
const MAX_SIDE = 32_768;

/** Those of a sample entry with pictures, before the boxes in it: ISO/IEC 14496-12, 12.1.3. */
const SAMPLE_ENTRY_BYTES = 78;

/** ISO/IEC 14496-12, 4.2. */
interface Box {
  readonly type: string;
  readonly body: Buffer;
}

/** Undefined where browsers draw nothing, as of one that is not whole. @throws RangeError for a cut header */
export function avifSize(bytes: Buffer): ImageSize | undefined {
  const major = bytes.toString("latin1", 8, 12);
  const movie = find(bytes, "moov");
  const meta = find(bytes, "meta")?.subarray(4);
  if (major === "avis" || (major !== "avif" && movie)) return movie && find(bytes, "mdat") && trackSize(movie);
  const locations = meta && find(meta, "iloc");
  return locations && endOfItems(locations) <= bytes.length ? primaryItemSize(meta) : undefined;
}

/** Those that are whole. */
function* boxesOf(bytes: Buffer): Generator<Box> {
  for (let start = 0; start + 8 <= bytes.length;) {
    const short = bytes.readUInt32BE(start);
    const [head, length] =
      short === 1 ? [16, Number(bytes.readBigUInt64BE(start + 8))] : [8, short === 0 ? bytes.length - start : short];
    if (length < head || start + length > bytes.length) return;
    yield {
      type: bytes.toString("latin1", start + 4, start + 8),
      body: bytes.subarray(start + head, start + length),
    };
    start += length;
  }
}

/** The box at the end of a path of boxes in boxes. */
function find(bytes: Buffer, ...path: readonly string[]): Buffer | undefined {
  let found: Buffer | undefined = bytes;
  for (const wanted of path) found = found && [...boxesOf(found)].find(({ type }) => type === wanted)?.body;
  return found;
}

function primaryItemSize(meta: Buffer): ImageSize | undefined {
  const [primary, associations] = [find(meta, "pitm"), find(meta, "iprp", "ipma")];
  if (!primary || !associations) return undefined;
  const id = primary.readUInt8(0) === 0 ? primary.readUInt16BE(4) : primary.readUInt32BE(4);
  const properties = [...boxesOf(find(meta, "iprp", "ipco") ?? Buffer.alloc(0))];
  const own = associationsOf(associations, id).map(({ index, isEssential }) => ({
    type: "",
    body: Buffer.alloc(0),
    ...properties[index - 1],
    isEssential,
  }));
  // Whoever does not know a property that changes the picture must not draw it: ISO/IEC 23000-22, 7.3.9.
  if (own.some(({ type, isEssential }) => /^(?:clap|irot|imir)$/.test(type) && !isEssential)) return undefined;
  const extent = own.find(({ type }) => type === "ispe")?.body;
  return extent && changedSize(drawnSize(extent.readUInt32BE(4), extent.readUInt32BE(8), MAX_SIDE), own);
}

interface Association {
  /** From 1 on. */
  readonly index: number;
  readonly isEssential: boolean;
}

/** ISO/IEC 23008-12, 9.3.2. */
function associationsOf(table: Buffer, wanted: number): Association[] {
  const idBytes = table.readUInt8(0) === 0 ? 2 : 4;
  const indexBytes = table.readUInt8(3) & 1 ? 2 : 1;
  const essential = 1 << (8 * indexBytes - 1);
  let start = 8;
  for (let items = table.readUInt32BE(4); items > 0; items--) {
    const id = table.readUIntBE(start, idBytes);
    const count = table.readUInt8(start + idBytes);
    start += idBytes + 1;
    if (id === wanted)
      return Array.from({ length: count }, (_, at) => {
        const bits = table.readUIntBE(start + at * indexBytes, indexBytes);
        return { index: bits & (essential - 1), isEssential: bits >= essential };
      });
    start += count * indexBytes;
  }
  return [];
}

/** Where the last of the items ends that lie in the file itself: ISO/IEC 14496-12, 8.11.3. */
function endOfItems(table: Buffer): number {
  const version = table.readUInt8(0);
  const idBytes = version < 2 ? 2 : 4;
  const [offsetBytes, lengthBytes] = [table.readUInt8(4) >> 4, table.readUInt8(4) & 15];
  const [baseBytes, indexBytes] = [table.readUInt8(5) >> 4, version === 0 ? 0 : table.readUInt8(5) & 15];
  let at = 6;
  const read = (bytes: number): number => {
    at += bytes;
    if (bytes === 8) return Number(table.readBigUInt64BE(at - 8));
    return bytes === 0 ? 0 : table.readUIntBE(at - bytes, bytes);
  };
  let end = 0;
  for (let items = read(idBytes); items > 0; items--) {
    read(idBytes);
    const isInFile = version === 0 || (read(2) & 15) === 0;
    read(2);
    const base = read(baseBytes);
    for (let extents = read(2); extents > 0; extents--) {
      read(indexBytes);
      const extentEnd = base + read(offsetBytes) + read(lengthBytes);
      if (isInFile) end = Math.max(end, extentEnd);
    }
  }
  return end;
}

/** The crop comes first, whatever the order of the boxes. */
function changedSize(size: ImageSize | undefined, boxes: readonly Box[]): ImageSize | undefined {
  const change = (name: string): Buffer | undefined => boxes.find(({ type }) => type === name)?.body;
  const quarters = change("irot")?.readUInt8(0) ?? 0;
  if (quarters > 3) return undefined;
  const cropped = croppedSize(size, change("clap"));
  return quarters % 2 === 1 ? turned(cropped) : cropped;
}

/** Chromium crops only what begins in the corner at the top left, and draws all of the others. */
function croppedSize(size: ImageSize | undefined, aperture: Buffer | undefined): ImageSize | undefined {
  if (!size || !aperture) return size;
  const fraction = (at: number): number => aperture.readInt32BE(at) / aperture.readInt32BE(at + 4);
  const [width, height] = [fraction(0), fraction(8)];
  const isCorner = (size.width - width) / 2 + fraction(16) === 0 && (size.height - height) / 2 + fraction(24) === 0;
  const isWhole = [width, height].every((side) => Number.isInteger(side) && side > 0);
  return isCorner && isWhole ? { width, height } : size;
}

/** That of the first track: ISO/IEC 14496-12, 8.3.2 and 8.5.2. */
function trackSize(movie: Buffer): ImageSize | undefined {
  const header = find(movie, "trak", "tkhd");
  const samples = find(movie, "trak", "mdia", "minf", "stbl", "stsd")?.subarray(8);
  const entry = samples && find(samples, "av01");
  if (!header || !entry) return undefined;
  const start = header.readUInt8(0) === 1 ? 88 : 76;
  const size = drawnSize(header.readUInt32BE(start) >>> 16, header.readUInt32BE(start + 4) >>> 16, MAX_SIDE);
  return changedSize(size, [...boxesOf(entry.subarray(SAMPLE_ENTRY_BYTES))]);
}
