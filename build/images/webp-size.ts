/** Reads the size of a WebP (RFC 9649): that of its frame, or of the canvas that its frames must fit. */
import { drawnSize, type ImageSize } from "./size.js";

const MAX_SIDE = 16_384;

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Undefined where browsers draw nothing, as of one that is not whole. @throws RangeError for a cut header */
export function webpSize(bytes: Buffer): ImageSize | undefined {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) return undefined;
  const chunks = chunksOf(bytes.subarray(12, end));
  const [first] = chunks;
  if (first?.type !== "VP8X") return first && frameSize(first);
  const canvas = drawnSize(first.data.readUIntLE(4, 3) + 1, first.data.readUIntLE(7, 3) + 1, 2 ** 24);
  const isAnimated = (first.data.readUInt8(0) & 2) !== 0;
  const frame = isAnimated ? animatedFrameEnd(chunks) : chunks.map(frameSize).find((size) => size !== undefined);
  if (!canvas || !frame) return undefined;
  const isFit = isAnimated
    ? frame.width <= canvas.width && frame.height <= canvas.height
    : frame.width === canvas.width && frame.height === canvas.height;
  return isFit ? canvas : undefined;
}

function chunksOf(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start + 8 <= bytes.length;) {
    const end = start + 8 + bytes.readUInt32LE(start + 4);
    if (end > bytes.length) break;
    chunks.push({ type: bytes.toString("latin1", start, start + 4), data: bytes.subarray(start + 8, end) });
    start = end + (end % 2);
  }
  return chunks;
}

function frameSize({ type, data }: Chunk): ImageSize | undefined {
  if (type === "VP8L") {
    const bits = data.readUInt32LE(1);
    // The version of the bitstream is 0.
    if (data.readUInt8(0) !== 0x2f || bits >>> 29 !== 0) return undefined;
    return drawnSize((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, MAX_SIDE);
  }
  // RFC 6386, 9.1: a key frame, its start code, and 14 bits a side.
  const isKeyFrame = type === "VP8 " && (data.readUInt8(0) & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a;
  if (!isKeyFrame) return undefined;
  return drawnSize(data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff, MAX_SIDE);
}

/** How far all frames reach together. */
function animatedFrameEnd(chunks: readonly Chunk[]): ImageSize | undefined {
  const frames = chunks.filter(({ type }) => type === "ANMF");
  if (frames.length === 0) return undefined;
  const reach = (at: number): number =>
    Math.max(...frames.map(({ data }) => 2 * data.readUIntLE(at, 3) + data.readUIntLE(at + 6, 3) + 1));
  return { width: reach(0), height: reach(3) };
}
