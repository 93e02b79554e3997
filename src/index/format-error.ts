/** Says what is wrong with an index file. */
import { constants } from "node:buffer";

export type FormatErrorKind = "magic" | "version" | "truncated" | "too long" | "altered" | "contradictory";

/** A file that is no index, or not a whole one. `kind` is for programs, the message for people. */
export class IndexFormatError extends Error {
  override readonly name = "IndexFormatError";
  constructor(
    readonly kind: FormatErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/** Parts of a file that cannot both be true. */
export function contradictory(what: string): IndexFormatError {
  return new IndexFormatError("contradictory", `contradictory: ${what}`);
}

/** An index that this version of Node.js cannot hold. The message is one line. */
export class IndexTooLargeError extends Error {
  override readonly name = "IndexTooLargeError";
}

/**
 * @param bytes of all but the images, which lie in one buffer
 * @throws IndexTooLargeError
 */
export function requireRoom(bytes: number): void {
  if (bytes <= constants.MAX_LENGTH) return;
  throw new IndexTooLargeError(
    `an index of ${bytes} bytes without its images, and Node.js ${process.version} holds at most ` +
      `${constants.MAX_LENGTH} in one piece: build it of fewer campaigns, or use Node.js 22.3 or later`,
  );
}
