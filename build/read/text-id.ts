/** Hashes the ids that are no small number, such as UUIDs, to 128 bits. */

export const WORDS_PER_TEXT_ID = 4;
/** In place of a number, for an id of which there is a hash. */
export const TEXT_ID = 0;

/** MurmurHash3_x86_128 (Austin Appleby, public domain), seed 0: the same on any machine, little-endian or not. */
export function hashTextId(bytes: Uint8Array, start: number, end: number, hash: Uint32Array, to: number): void {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  let at = start;
  for (; end - at >= 16; at += 16) {
    h1 = Math.imul((rotate(h1 ^ scramble1(wordAt(bytes, at)), 19) + h2) | 0, 5) + 0x561ccd1b;
    h2 = Math.imul((rotate(h2 ^ scramble2(wordAt(bytes, at + 4)), 17) + h3) | 0, 5) + 0x0bcaa747;
    h3 = Math.imul((rotate(h3 ^ scramble3(wordAt(bytes, at + 8)), 15) + h4) | 0, 5) + 0x96cd1c35;
    h4 = Math.imul((rotate(h4 ^ scramble4(wordAt(bytes, at + 12)), 13) + h1) | 0, 5) + 0x32ac3b17;
  }
  h1 ^= scramble1(lastWord(bytes, at, end));
  h2 ^= scramble2(lastWord(bytes, at + 4, end));
  h3 ^= scramble3(lastWord(bytes, at + 8, end));
  h4 ^= scramble4(lastWord(bytes, at + 12, end));
  const length = end - start;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = ((h1 ^ length) + h2 + h3 + h4) | 0;
  h2 = finish(h2 + h1);
  h3 = finish(h3 + h1);
  h4 = finish(h4 + h1);
  h1 = (finish(h1) + h2 + h3 + h4) | 0;
  hash[to] = h1;
  hash[to + 1] = h2 + h1;
  hash[to + 2] = h3 + h1;
  hash[to + 3] = h4 + h1;
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const scramble1 = (word: number): number => Math.imul(rotate(Math.imul(word, C1), 15), C2);
const scramble2 = (word: number): number => Math.imul(rotate(Math.imul(word, C2), 16), C3);
const scramble3 = (word: number): number => Math.imul(rotate(Math.imul(word, C3), 17), C4);
const scramble4 = (word: number): number => Math.imul(rotate(Math.imul(word, C4), 18), C1);

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function finish(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** With zeros for what lies behind the end. */
function lastWord(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let byte = Math.min(at + 4, end) - 1; byte >= at; byte--) word = (word << 8) | bytes[byte]!;
  return word;
}
