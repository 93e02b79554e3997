/** Ids of campaigns, banners, clicks and conversions, as text has them. */

export const LARGEST_ID = 4294967295;

const DIGIT_0 = 0x30;

/** The id that the characters from `start` to before `end` spell, or 0: digits only, no leading zero, 1 to LARGEST_ID. */
export function readId(text: string, start: number, end: number): number {
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
