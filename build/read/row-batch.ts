/** Packs rows of one file into columns of numbers, which a thread hands to another without a copy, and unpacks them. */
import type { EventSink } from "./event-rows.js";
import type { Kind } from "./find.js";
import { ensureCapacity, IdMap } from "./id-map.js";

/** Rows in the order of their lines; impressions are summed by pair, since no line of a good one is ever asked for. */
export interface RowBatch {
  readonly rows: number;
  readonly bytes: number;
  readonly kind: Kind;
  /** In the order of the parameters of the sink's method. */
  readonly columns: readonly Uint32Array[];
  /** Of conversions and statistics: millionths. */
  readonly revenues: BigInt64Array;
  readonly malformed: readonly { readonly line: number; readonly reason: string }[];
}

export type BatchSink = Omit<EventSink, "impression"> & {
  impressions(banner: number, campaign: number, count: number): void;
};

const COLUMN_COUNT: Readonly<Record<Kind, number>> = { impressions: 3, clicks: 4, conversions: 3, statistics: 6 };

/** Pairs that are summed before they are sent, which bounds the memory: some 30 MB. */
const MAX_PAIRS = 1 << 20;

export class BatchWriter implements EventSink {
  #rows = 0;
  #length = 0;
  #columns: Uint32Array[];
  #revenues = new BigInt64Array(0);
  #malformed: { line: number; reason: string }[] = [];
  #pairs = new IdMap(2);
  #pairCounts = new Uint32Array(0);

  constructor(readonly kind: Kind) {
    this.#columns = Array.from({ length: COLUMN_COUNT[kind] }, () => new Uint32Array(0));
  }

  impression(banner: number, campaign: number): void {
    this.#rows++;
    const pair = this.#pairs.add(banner, campaign);
    if (pair === this.#pairCounts.length) this.#pairCounts = ensureCapacity(this.#pairCounts, pair + 1);
    this.#pairCounts[pair]!++;
  }

  click(click: number, banner: number, campaign: number, line: number): void {
    const row = this.#add();
    this.#columns[0]![row] = click;
    this.#columns[1]![row] = banner;
    this.#columns[2]![row] = campaign;
    this.#columns[3]![row] = line;
  }

  conversion(conversion: number, click: number, revenue: bigint, line: number): void {
    const row = this.#addRevenue(revenue);
    this.#columns[0]![row] = conversion;
    this.#columns[1]![row] = click;
    this.#columns[2]![row] = line;
  }

  statistics(campaign: number, statistics: Parameters<EventSink["statistics"]>[1], line: number): void {
    const row = this.#addRevenue(statistics.revenue);
    this.#columns[0]![row] = campaign;
    this.#columns[1]![row] = statistics.banner;
    this.#columns[2]![row] = statistics.impressions;
    this.#columns[3]![row] = statistics.clicks;
    this.#columns[4]![row] = statistics.conversions;
    this.#columns[5]![row] = line;
  }

  malformed(line: number, reason: string): void {
    this.#rows++;
    this.#malformed.push({ line, reason });
  }

  /** The rows since the last batch; impressions only once there are many pairs, or in the last batch. */
  flush(bytes: number, isLast = false): RowBatch {
    if (this.#pairs.size > (isLast ? 0 : MAX_PAIRS)) this.#flushPairs();
    const batch = {
      rows: this.#rows,
      bytes,
      kind: this.kind,
      // Copies, since the columns are reused.
      columns: this.#columns.map((column) => column.slice(0, this.#length)),
      revenues: this.#revenues.slice(0, this.#length),
      malformed: this.#malformed,
    };
    this.#rows = 0;
    this.#length = 0;
    this.#malformed = [];
    return batch;
  }

  #flushPairs(): void {
    this.#columns = [this.#pairs.first, this.#pairs.second, this.#pairCounts];
    this.#length = this.#pairs.size;
    this.#pairs = new IdMap(2);
    this.#pairCounts = new Uint32Array(0);
  }

  #add(): number {
    this.#rows++;
    if (this.#length === this.#columns[0]!.length)
      this.#columns = this.#columns.map((column) => ensureCapacity(column, this.#length + 1));
    return this.#length++;
  }

  #addRevenue(revenue: bigint): number {
    const row = this.#add();
    this.#revenues = ensureCapacity(this.#revenues, row + 1);
    this.#revenues[row] = revenue;
    return row;
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
