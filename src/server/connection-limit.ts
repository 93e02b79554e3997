/** Closes visitors' connections that would take the last descriptors, which administration, reloads and log need. */
import { readdirSync, readFileSync } from "node:fs";
import { CONNECTIONS_REFUSED, type Counters } from "../response/counters.js";

/** Shared memory: at 0 the limit of all workers together (0 for none), at n what worker n has open and alone writes. */
export type ConnectionCounts = Int32Array;

export function newConnectionCounts(workers: number): ConnectionCounts {
  return new Int32Array(new SharedArrayBuffer((workers + 1) * Int32Array.BYTES_PER_ELEMENT));
}

export function openConnections(counts: ConnectionCounts): number {
  return counts.subarray(1).reduce((sum, count) => sum + count, 0);
}

/** Infinity where it is not known. */
export function maxDescriptors(): number {
  if (process.platform !== "linux") return Infinity;
  const [, soft] = /^Max open files +(\d+) /m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
  return soft === undefined ? Infinity : Number(soft);
}

/** To be called when all else is open: the limit is what that and `reserve` leave. */
export function limitConnections(counts: ConnectionCounts, reserve: number): void {
  const max = maxDescriptors();
  if (max === Infinity) return;
  const others = readdirSync("/proc/self/fd").length - openConnections(counts);
  counts[0] = Math.max(1, max - others - reserve);
}

export class ConnectionCounter {
  readonly #counts: ConnectionCounts;
  readonly #worker: number;
  readonly #counters: Counters;

  constructor(counts: ConnectionCounts, worker: number, counters: Counters) {
    this.#counts = counts;
    this.#worker = worker;
    this.#counters = counters;
  }

  /** Notes that one came (1) or went (-1); returns true where the one that came must be closed. */
  note(change: number): boolean {
    this.#counts[this.#worker]! += change;
    const limit = this.#counts[0]!;
    if (change < 0 || limit === 0 || openConnections(this.#counts) <= limit) return false;
    this.#counters[CONNECTIONS_REFUSED]!++;
    return true;
  }
}
