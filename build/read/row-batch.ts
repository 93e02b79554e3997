/** Rows of one file as columns of numbers, so that a thread can hand many of them to another at once, without a copy. */
import type { RowTaker } from "./event-rows.js";
import type { Kind } from "./find.js";
import { grown, KeyTable } from "./typed-columns.js";

/** Numbers by column, as many in each; a column's place is that of the method's parameter it is for. */
type Columns = readonly Uint32Array[];

/** Rows in the order of their lines. Impressions are added up: no line of a good one is ever asked for. */
export interface RowBatch {
  /** Good and bad ones. */
  readonly rows: number;
  /** Of the file, since the batch before. */
  readonly bytes: number;
  readonly kind: Kind;
  readonly columns: Columns;
  /** Of conversions and statistics: millionths. */
  readonly revenues: BigInt64Array;
  readonly malformed: readonly { readonly line: number; readonly reason: string }[];
}

/** Who takes the rows of batches: impressions come with how many there are of a pair. */
export type BatchTaker = Omit<RowTaker, "impression"> & {
  impressions(banner: number, campaign: number, count: number): void;
};

const COLUMN_COUNT: Readonly<Record<Kind, number>> = { impressions: 3, clicks: 4, conversions: 3, statistics: 6 };

/** Pairs that are added up before they are handed on, so that memory has a bound: some 30 MB. */
const MOST_PAIRS = 1 << 20;

/** Takes the rows of one file, and gives them as batches. */
export class BatchWriter implements RowTaker {
  #rows = 0;
  #length = 0;
  #columns: Uint32Array[];
  #revenues = new BigInt64Array(0);
  #malformed: { line: number; reason: string }[] = [];
  #pairs = new KeyTable(2);
  #pairCounts = new Uint32Array(0);

  constructor(readonly kind: Kind) {
    this.#columns = this.#empty();
  }

  impression(banner: number, campaign: number): void {
    this.#rows++;
    const pair = this.#pairs.add(banner, campaign);
    if (pair === this.#pairCounts.length) this.#pairCounts = grown(this.#pairCounts, pair + 1);
    this.#pairCounts[pair]!++;
  }

  click(click: number, banner: number, campaign: number, line: number): void {
    const at = this.#add();
    this.#columns[0]![at] = click;
    this.#columns[1]![at] = banner;
    this.#columns[2]![at] = campaign;
    this.#columns[3]![at] = line;
  }

  conversion(conversion: number, click: number, revenue: bigint, line: number): void {
    const at = this.#addRevenue(revenue);
    this.#columns[0]![at] = conversion;
    this.#columns[1]![at] = click;
    this.#columns[2]![at] = line;
  }

  statistics(campaign: number, statistics: Parameters<RowTaker["statistics"]>[1], line: number): void {
    const at = this.#addRevenue(statistics.revenue);
    this.#columns[0]![at] = campaign;
    this.#columns[1]![at] = statistics.banner;
    this.#columns[2]![at] = statistics.impressions;
    this.#columns[3]![at] = statistics.clicks;
    this.#columns[4]![at] = statistics.conversions;
    this.#columns[5]![at] = line;
  }

  malformed(line: number, reason: string): void {
    this.#rows++;
    this.#malformed.push({ line, reason });
  }

  /** What was taken since the last batch; impressions only once there are many pairs of them, or where it is the last batch. */
  take(bytes: number, isLast = false): RowBatch {
    if (this.#pairs.size > (isLast ? 0 : MOST_PAIRS)) this.#takePairs();
    const batch = {
      rows: this.#rows,
      bytes,
      kind: this.kind,
      // Copies as long as they need be; the columns themselves are filled again.
      columns: this.#columns.map((column) => column.slice(0, this.#length)),
      revenues: this.#revenues.slice(0, this.#length),
      malformed: this.#malformed,
    };
    this.#rows = 0;
    this.#length = 0;
    this.#malformed = [];
    return batch;
  }

  #takePairs(): void {
    this.#columns = [this.#pairs.first, this.#pairs.second, this.#pairCounts];
    this.#length = this.#pairs.size;
    this.#pairs = new KeyTable(2);
    this.#pairCounts = new Uint32Array(0);
  }

  #add(): number {
    this.#rows++;
    if (this.#length === this.#columns[0]!.length)
      this.#columns = this.#columns.map((column) => grown(column, this.#length + 1));
    return this.#length++;
  }

  #addRevenue(revenue: bigint): number {
    const at = this.#add();
    this.#revenues = grown(this.#revenues, at + 1);
    this.#revenues[at] = revenue;
    return at;
  }

  #empty(): Uint32Array[] {
    return Array.from({ length: COLUMN_COUNT[this.kind] }, () => new Uint32Array(0));
  }
}

/** Hands the rows of a batch over in the order of their lines. */
export function takeBatch(batch: RowBatch, taker: BatchTaker): void {
  const [first, second, third, fourth, fifth] = batch.columns;
  const { kind, revenues, malformed } = batch;
  if (kind === "impressions") {
    for (let at = 0; at < first!.length; at++) taker.impressions(first![at]!, second![at]!, third![at]!);
    for (const { line, reason } of malformed) taker.malformed(line, reason);
    return;
  }
  const lines = batch.columns.at(-1)!;
  let bad = 0;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    for (; bad < malformed.length && malformed[bad]!.line < line; bad++)
      taker.malformed(malformed[bad]!.line, malformed[bad]!.reason);
    if (kind === "clicks") taker.click(first![at]!, second![at]!, third![at]!, line);
    else if (kind === "conversions") taker.conversion(first![at]!, second![at]!, revenues[at]!, line);
    else {
      const counts = { banner: second![at]!, impressions: third![at]!, clicks: fourth![at]!, conversions: fifth![at]! };
      taker.statistics(first![at]!, { ...counts, revenue: revenues[at]! }, line);
    }
  }
  for (; bad < malformed.length; bad++) taker.malformed(malformed[bad]!.line, malformed[bad]!.reason);
}

/** The memory of a batch that a thread gives away with it. */
export function buffersOf({ columns, revenues }: RowBatch): ArrayBuffer[] {
  return [...columns, revenues].map(({ buffer }) => buffer as ArrayBuffer);
}

/** About how much memory a batch takes, in bytes. */
export function sizeOf(batch: RowBatch): number {
  const reasons = batch.malformed.reduce((sum, { reason }) => sum + 100 + reason.length, 0);
  return buffersOf(batch).reduce((sum, { byteLength }) => sum + byteLength, reasons);
}
