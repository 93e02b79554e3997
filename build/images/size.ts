/** Says what the size of an image is, and how large browsers draw one at most. */

/** In pixels, as browsers draw the image by itself; 0 and 0 where that is left to them. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export const UNKNOWN_SIZE: ImageSize = { width: 0, height: 0 };

/** Chromium holds the pixels in one block of less than 2 GiB, four bytes each. */
const MAX_AREA = 2 ** 29 - 1;

/** Undefined where browsers draw no image of that size. */
export function drawnSize(width: number, height: number, maxSide: number): ImageSize | undefined {
  const isDrawn = width > 0 && height > 0 && Math.max(width, height) <= maxSide && width * height <= MAX_AREA;
  return isDrawn ? { width, height } : undefined;
}

export function turned(size: ImageSize | undefined): ImageSize | undefined {
  return size && { width: size.height, height: size.width };
}
