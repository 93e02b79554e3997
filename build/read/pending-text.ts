/** Holds the text that is read and not yet taken, in one buffer for all of a file. */

import { MAX_ROW_LENGTH } from "./header.js";

const LINE_FEED = 0x0a;

export class PendingText {
  bytes = Buffer.allocUnsafe(1 << 19);
  start = 0;
  end = 0;

  get all(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  append(chunk: Uint8Array): void {
    const length = this.end - this.start;
    // With room for a line feed.
    const needed = length + chunk.length + 1;
    const bytes = needed > this.bytes.length ? Buffer.allocUnsafe(needed * 2) : this.bytes;
    bytes.set(this.all);
    bytes.set(chunk, length);
    this.bytes = bytes;
    this.start = 0;
    this.end = length + chunk.length;
  }

  endLastLine(): void {
    if (this.end > this.start && this.bytes[this.end - 1] !== LINE_FEED) this.bytes[this.end++] = LINE_FEED;
  }

  /** Whether a line is so long that its end is not waited for. */
  get isOverLong(): boolean {
    return this.end - this.endOfLines > MAX_ROW_LENGTH;
  }

  /** Behind the last line that has ended; `start` where none has. */
  get endOfLines(): number {
    return this.start + this.all.lastIndexOf(LINE_FEED) + 1;
  }

  /** Behind the first line that ends there or later. */
  endOfLine(from: number): number {
    return this.bytes.indexOf(LINE_FEED, from) + 1;
  }
}
