/** Goes through bytes that lie in parts of any size in pieces of a handy one, to hash, write or compare them. */

/** A larger piece costs hardly less, and the thread that hashes it keeps others waiting a few milliseconds. */
export const PIECE = 2 ** 22;

/** Joins small parts: to copy a million is faster than to pass on each. A piece is valid until the next. */
export function* inPieces(parts: readonly Uint8Array[], most = PIECE): Generator<Uint8Array, void> {
  const buffer = new Uint8Array(Math.min(most, totalLength(parts)));
  let used = 0;
  for (const part of parts) {
    if (used > 0 && used + part.length > most) {
      yield buffer.subarray(0, used);
      used = 0;
    }
    if (part.length > most) for (let at = 0; at < part.length; at += most) yield part.subarray(at, at + most);
    else {
      buffer.set(part, used);
      used += part.length;
    }
  }
  if (used > 0) yield buffer.subarray(0, used);
}

export function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
