/**
 * Shares a line's bandwidth equally among the transfers on it. All go equally fast, so one count of bytes, as of a
 * transfer that had been there from the beginning, says of each when it ends: when it has grown by what is missing.
 */
import { EventQueue } from "./event-queue.js";

export interface Bandwidth {
  /** Of the line, bytes a second. */
  readonly line: number;
  /** What one transfer takes at most, bytes a second. */
  readonly transfer: number;
}

interface Transfer {
  readonly startCount: number;
  readonly endCount: number;
}

export class SharedLine {
  /** Bytes of all transfers, those that were cut too. */
  sent = 0;
  /** The most bytes a second at any moment. */
  peak = 0;
  readonly #bandwidth: Bandwidth;
  readonly #transfers = new Map<number, Transfer>();
  readonly #ends = new EventQueue<{ readonly who: number; readonly transfer: Transfer }>();
  #now = 0;
  #count = 0;

  constructor(bandwidth: Bandwidth) {
    this.#bandwidth = bandwidth;
  }

  /** When the next transfer ends, in seconds, if none begins before; Infinity where there is none. */
  get nextEnd(): number {
    return this.#transfers.size === 0 ? Infinity : this.#now + (this.#ends.nextAt - this.#count) / this.#rate;
  }

  start(now: number, who: number, bytes: number): void {
    this.#advance(now);
    const transfer = { startCount: this.#count, endCount: this.#count + bytes };
    this.#transfers.set(who, transfer);
    this.#ends.add(transfer.endCount, { who, transfer });
    this.peak = Math.max(this.peak, this.#rate * this.#transfers.size);
  }

  /** Whose transfer it is that ends at `nextEnd`. */
  end(): number {
    this.#advance(this.nextEnd);
    const { who, transfer } = this.#ends.take();
    // Exactly, and not up to the rounding of the moment.
    this.#count = transfer.endCount;
    this.#transfers.delete(who);
    return who;
  }

  /** Cuts all transfers: who had one, and how many bytes of it had come. */
  cut(now: number): readonly { readonly who: number; readonly bytes: number }[] {
    this.#advance(now);
    const cut = [...this.#transfers].map(([who, { startCount }]) => ({ who, bytes: this.#count - startCount }));
    while (this.#ends.nextAt < Infinity) this.#ends.take();
    this.#transfers.clear();
    return cut;
  }

  /** Of each transfer, bytes a second. */
  get #rate(): number {
    return Math.min(this.#bandwidth.transfer, this.#bandwidth.line / this.#transfers.size);
  }

  #advance(now: number): void {
    if (this.#transfers.size > 0) {
      const grown = (now - this.#now) * this.#rate;
      this.#count += grown;
      this.sent += grown * this.#transfers.size;
    }
    this.#now = now;
  }
}
