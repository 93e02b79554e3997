/** Packs rows of one file into columns of numbers, which a thread hands to another without a copy, and unpacks them. */
import type { Statistics } from "./event-rows.js";
import type { Kind } from "./find.js";
import { ensureCapacity, IdMap } from "./id-map.js";
import type { BadRowSink } from "./row-format.js";
import { TypedRows, type Malformed } from "./typed-rows.js";

/** Rows in the order of their lines; impressions are summed by pair, since no line of a good one is ever asked for. */
export interface RowBatch {
  readonly rows: number;
  readonly bytes: number;
  readonly kind: Kind;
  /** In the order of the parameters of the sink's method. */
  readonly columns: readonly Uint32Array[];
  /** Of conversions and statistics: millionths. */
  readonly revenues: BigInt64Array;
  readonly malformed: readonly Malformed[];
}

export interface BatchSink extends BadRowSink {
  impressions(banner: number, campaign: number, count: number): void;
  click(click: number, banner: number, campaign: number, line: number): void;
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
  statistics(campaign: number, statistics: Statistics, line: number): void;
}

/** Pairs that are summed before they are sent, which bounds the memory: some 30 MB. */
const MAX_PAIRS = 1 << 20;

export class BatchWriter {
  readonly rows: TypedRows;
  #pairs = new IdMap(2);
  #pairCounts = new Uint32Array(0);

  constructor(readonly kind: Kind) {
    this.rows = new TypedRows(kind);
  }

  /** The rows since the last batch; impressions only once there are many pairs, or in the last batch. */
  flush(bytes: number, isLast = false): RowBatch {
    const { length, numbers, lines, revenues, malformedRows: malformed } = this.rows;
    const rows = length + malformed.length;
    const isSummed = this.kind === "impressions";
    if (isSummed) this.#addPairs();
    // Copies, since the columns are reused.
    const columns = isSummed ? this.#sums(isLast) : [...numbers, lines].map((column) => column.slice(0, length));
    this.rows.clear();
    return { rows, bytes, kind: this.kind, columns, revenues: revenues.slice(0, length), malformed };
  }

  #addPairs(): void {
    const { length, numbers } = this.rows;
    const [banners, campaigns] = numbers as [Uint32Array, Uint32Array];
    const pairs = this.#pairs;
    for (let row = 0; row < length; row++) {
      const pair = pairs.add(banners[row]!, campaigns[row]);
      if (pair === this.#pairCounts.length) this.#pairCounts = ensureCapacity(this.#pairCounts, pair + 1);
      this.#pairCounts[pair]!++;
    }
  }

  #sums(isLast: boolean): Uint32Array[] {
    const { first, second, size } = this.#pairs;
    if (size <= (isLast ? 0 : MAX_PAIRS)) return [0, 0, 0].map(() => new Uint32Array(0));
    const sums = [first, second, this.#pairCounts].map((column) => column.slice(0, size));
    this.#pairs = new IdMap(2);
    this.#pairCounts = new Uint32Array(0);
    return sums;
  }
}

export function deliver(batch: RowBatch, sink: BatchSink): void {
  const [first, second, third, fourth, fifth] = batch.columns;
  const { kind, revenues, malformed } = batch;
  if (kind === "impressions") {
    for (let row = 0; row < first!.length; row++) sink.impressions(first![row]!, second![row]!, third![row]!);
    for (const { line, reason } of malformed) sink.malformed(line, reason);
    return;
  }
  const lines = batch.columns.at(-1)!;
  let bad = 0;
  for (let row = 0; row < lines.length; row++) {
    const line = lines[row]!;
    for (; bad < malformed.length && malformed[bad]!.line < line; bad++)
      sink.malformed(malformed[bad]!.line, malformed[bad]!.reason);
    if (kind === "clicks") sink.click(first![row]!, second![row]!, third![row]!, line);
    else if (kind === "conversions") sink.conversion(first![row]!, second![row]!, revenues[row]!, line);
    else {
      const counts = {
        banner: second![row]!,
        impressions: third![row]!,
        clicks: fourth![row]!,
        conversions: fifth![row]!,
      };
      sink.statistics(first![row]!, { ...counts, revenue: revenues[row]! }, line);
    }
  }
  for (; bad < malformed.length; bad++) sink.malformed(malformed[bad]!.line, malformed[bad]!.reason);
}

export function buffersOf({ columns, revenues }: RowBatch): ArrayBuffer[] {
  return [...columns, revenues].map(({ buffer }) => buffer as ArrayBuffer);
}

export function sizeOf(batch: RowBatch): number {
  const reasons = batch.malformed.reduce((sum, { reason }) => sum + 100 + reason.length, 0);
  return buffersOf(batch).reduce((sum, { byteLength }) => sum + byteLength, reasons);
}
