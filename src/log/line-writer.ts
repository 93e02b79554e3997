/** Writes lines to an output that may fail or stand still, at the cost of lines and of nothing else. */

export const MAX_WAITING_BYTES = 2 ** 20;
const RETRY_MS = 5;
const FLUSH_MS = 300;

/** Waited on to pass time where the event loop must not go on. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** Returns how many bytes it wrote without waiting. Throws EAGAIN where the reader is slow, else any other error. */
export type Output = (bytes: Uint8Array) => number;

export class LineWriter {
  readonly #output: Output;
  readonly #onResumed: (dropped: number) => void;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** A part of the first is written: the rest must follow, so that no line runs into another. */
  #isBegun = false;
  #dropped = 0;
  #unsaid = 0;
  #retry: NodeJS.Timeout | undefined;
  #isGivenUp = false;

  /** @param onResumed called when lines are written again, with how many were dropped; it may write */
  constructor(output: Output, onResumed: (dropped: number) => void) {
    this.#output = output;
    this.#onResumed = onResumed;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** @param line with its line break */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#waiting.length > 0 && this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#drop(1);
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#retry === undefined) this.#writeWaiting();
  }

  /** For the end of the process: waits a moment where the reader is slow. */
  flush(): void {
    const deadline = performance.now() + FLUSH_MS;
    this.#writeWaiting();
    while (this.#retry !== undefined && !this.#isGivenUp && performance.now() < deadline) {
      Atomics.wait(NEVER, 0, 0, RETRY_MS);
      this.#writeWaiting();
    }
    // Whoever flushes once more does not wait once more.
    this.#isGivenUp = this.#retry !== undefined;
  }

  #writeWaiting(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    try {
      while (this.#waiting.length > 0) this.#advance(this.#output(this.#waiting[0]!));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN")
        this.#retry = setTimeout(() => {
          this.#writeWaiting();
        }, RETRY_MS).unref();
      else this.#dropWaiting();
      return;
    }
    if (this.#unsaid > 0) this.#sayDropped();
  }

  #advance(written: number): void {
    const first = this.#waiting[0]!;
    this.#waitingBytes -= written;
    this.#isBegun = written < first.length && (this.#isBegun || written > 0);
    if (written < first.length) this.#waiting[0] = first.subarray(written);
    else this.#waiting.shift();
  }

  #dropWaiting(): void {
    const kept = this.#isBegun ? this.#waiting.slice(0, 1) : [];
    this.#drop(this.#waiting.length - kept.length);
    this.#waiting = kept;
    this.#waitingBytes = kept.reduce((sum, { length }) => sum + length, 0);
  }

  #drop(lines: number): void {
    this.#dropped += lines;
    this.#unsaid += lines;
  }

  #sayDropped(): void {
    const lines = this.#unsaid;
    this.#unsaid = 0;
    this.#onResumed(lines);
    // What was to say so was dropped as well.
    if (this.#unsaid > 0) this.#unsaid += lines;
  }
}
