/** Tells which texts are ids of clicks and conversions. */
import { quoted } from "../options/printable.js";

export const MAX_TEXT_ID_BYTES = 128;

/** @param bytes UTF-8 */
export function isTextId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end === start || end - start > MAX_TEXT_ID_BYTES) return false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    // In UTF-8, the control characters from U+0080 to U+009F are C2 and a second byte below A0.
    if (byte < 0x20 || byte === 0x7f || (byte === 0xc2 && bytes[at + 1]! < 0xa0)) return false;
  }
  return true;
}

/** Stands for bytes that were no UTF-8, as half of a surrogate pair will once it is written. */
const NO_TEXT = /[\uFFFD\p{Cs}]/u;

/** In UTF-8; undefined for a text that is no id. */
export function textIdBytes(text: string): Buffer | undefined {
  const bytes = Buffer.from(text);
  return isTextId(bytes, 0, bytes.length) && !NO_TEXT.test(text) ? bytes : undefined;
}

export function textIdError(name: string, text: string): string {
  return `${name} is ${quoted(text)}, expected 1 to ${MAX_TEXT_ID_BYTES} bytes of UTF-8 without control characters`;
}
