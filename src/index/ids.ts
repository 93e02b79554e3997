/** Reads the ids of campaigns, banners, clicks and conversions. */

export const LARGEST_ID = 4294967295;

const DIGIT_0 = 0x30;

/** Reads the id from `start` to before `end`: digits, no leading zero, 1 to LARGEST_ID; 0 for anything else. */
export function readId(text: string, start = 0, end = text.length): number {
  if (text.charCodeAt(start) === DIGIT_0) return 0;
  let id = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - DIGIT_0;
    if (digit < 0 || digit > 9) return 0;
    id = id * 10 + digit;
    if (id > LARGEST_ID) return 0;
  }
  return id;
}

/** The index of the first that is not below `id`. */
export function lowerBound(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
