/**
 * Keeps descriptors for the administration, reloads and the log: visitors' connections that would take the last ones
 * are closed at once.
 */
import { readdirSync, readFileSync } from "node:fs";
import { CONNECTIONS_REFUSED, type Counters } from "../response/counters.js";

/**
 * In shared memory: the limit of all workers together, 0 for none, and then how many connections each worker has open.
 * Each place is written by one thread alone.
 */
export type ConnectionCounts = Int32Array;

export function newConnectionCounts(workers: number): ConnectionCounts {
  return new Int32Array(new SharedArrayBuffer((workers + 1) * Int32Array.BYTES_PER_ELEMENT));
}

export function openConnections(counts: ConnectionCounts): number {
  return counts.subarray(1).reduce((sum, count) => sum + count, 0);
}

/** How many descriptors this process may have; Infinity where that is not known. */
export function maxDescriptors(): number {
  if (process.platform !== "linux") return Infinity;
  const [, soft] = /^Max open files +(\d+) /m.exec(readFileSync("/proc/self/limits", "latin1")) ?? [];
  return soft === undefined ? Infinity : Number(soft);
}

/**
 * Sets the limit by what is open now, which must be all but connections.
 * @param reserve descriptors that are kept free
 */
export function limitConnections(counts: ConnectionCounts, reserve: number): void {
  const max = maxDescriptors();
  if (max === Infinity) return;
  const others = readdirSync("/proc/self/fd").length - openConnections(counts);
  counts[0] = Math.max(1, max - others - reserve);
}

/** Counts one worker's connections. */
export class ConnectionCounter {
  readonly #counts: ConnectionCounts;
  readonly #worker: number;
  readonly #counters: Counters;

  /** @param worker its number, from 1 */
  constructor(counts: ConnectionCounts, worker: number, counters: Counters) {
    this.#counts = counts;
    this.#worker = worker;
    this.#counters = counters;
  }

  /**
   * Notes that one came or went, and returns whether one that came must go.
   * @param change 1 or -1
   */
  note(change: number): boolean {
    this.#counts[this.#worker]! += change;
    const limit = this.#counts[0]!;
    if (change < 0 || limit === 0 || openConnections(this.#counts) <= limit) return false;
    this.#counters[CONNECTIONS_REFUSED]!++;
    return true;
  }
}
