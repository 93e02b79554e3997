/** Cuts the images of an index into parts that none of them crosses, and finds an image in its part. */
import { NONE } from "./cells.js";

/** Of one image: what Node.js reads, and uWebSockets.js sends, as one. */
export const MAX_IMAGE_BYTES = 2 ** 31 - 1;

/** Less than the 4 GiB at which a buffer of Node.js 20 ends. A single larger image is a part of its own. */
export const MAX_PART_BYTES = 2 ** 30;

/** The first banner whose image is too large, or ends before it starts; NONE where there is none. */
export function findUnsoundImage(imageStart: Float64Array): number {
  for (let banner = 0; banner < imageStart.length - 1; banner++) {
    const length = imageStart[banner + 1]! - imageStart[banner]!;
    if (!Number.isInteger(length) || length < 0 || length > MAX_IMAGE_BYTES) return banner;
  }
  return NONE;
}

/** In bytes. With unsound `imageStart`, cuts anywhere: `checkReferences` refuses it once all is read. */
export function partLengths(imageStart: Float64Array, length: number, most: number): number[] {
  const cuts = [0];
  const isSound = imageStart[0] === 0 && imageStart.at(-1)! <= length && findUnsoundImage(imageStart) === NONE;
  for (let at = most; at < length && !isSound; at += most) cuts.push(at);
  let from = 0;
  for (let banner = 0; banner < imageStart.length - 1 && isSound; banner++)
    if (imageStart[banner + 1]! - from > most && imageStart[banner]! > from) cuts.push((from = imageStart[banner]!));
  return cuts.map((cut, at) => (cuts[at + 1] ?? length) - cut).filter((bytes) => bytes > 0);
}

export class ImageParts {
  readonly #parts: readonly Uint8Array[];
  readonly #starts: Float64Array;

  constructor(parts: readonly Uint8Array[]) {
    let start = 0;
    this.#parts = parts;
    this.#starts = Float64Array.from(parts, ({ length }) => (start += length) - length);
  }

  between(start: number, end: number): Uint8Array {
    const starts = this.#starts;
    // The last part that starts no later.
    let part = 0;
    for (let above = starts.length; above - part > 1;) {
      const middle = (part + above) >>> 1;
      if (starts[middle]! <= start) part = middle;
      else above = middle;
    }
    return this.#parts[part]!.subarray(start - starts[part]!, end - starts[part]!);
  }
}
