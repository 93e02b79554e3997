/** Packs rows of one file into columns of numbers, which a thread hands to another without a copy, and unpacks them. */
import type { Statistics } from "./event-rows.js";
import type { EventTimes } from "./event-time.js";
import type { Kind } from "./find.js";
import type { BadRowSink } from "./row-format.js";
import { TEXT_ID, WORDS_PER_TEXT_ID } from "./text-id.js";
import { TypedRows, type Malformed } from "./typed-rows.js";
import { ViewCounts } from "./view-counts.js";

/** Rows in the order of their lines; impressions are summed. */
export interface RowBatch {
  readonly rows: number;
  readonly bytes: number;
  readonly kind: Kind;
  /** In the order of the parameters of the sink's method. */
  readonly columns: readonly Uint32Array[];
  /** Of impressions: doubles, since rows with a count may sum up to more than 32 bits. */
  readonly views: Float64Array;
  /** Of conversions and statistics: millionths. */
  readonly revenues: BigInt64Array;
  /** Undefined where the file's period is that of its rows. */
  readonly periods: Uint8Array | undefined;
  /** By column, four words a row; empty where no id is a text. */
  readonly texts: readonly Uint32Array[];
  /** Of the rows of impressions: those in the window, and those outside. */
  readonly inside: number;
  readonly outside: number;
  readonly malformed: readonly Malformed[];
}

/** An id below 0 is a text: `~id` is the start of the four words of its hash in the `texts` that came last. */
export interface BatchSink extends BadRowSink {
  /** Called before the batch's rows. */
  batch(batch: RowBatch): void;
  impressionRows(inside: number, outside: number): void;
  /** `period` is undefined where it is the file's. */
  impressions(banner: number, campaign: number, views: number, period: number | undefined): void;
  /** By column. */
  texts(words: readonly Uint32Array[]): void;
  /** Whose ids are numbers. To be called with a line: tells the malformed rows before it. */
  clicks(batch: RowBatch, tellMalformed: (line: number) => void): void;
  /** As `clicks`. */
  conversions(batch: RowBatch, tellMalformed: (line: number) => void): void;
  /** `period` may be OUTSIDE. */
  click(click: number, banner: number, campaign: number, line: number, period: number | undefined): void;
  conversion(conversion: number, click: number, revenue: bigint, line: number): void;
  statistics(campaign: number, statistics: Statistics, line: number): void;
}

/** Pairs that are summed before they are sent, which bounds the memory: some 40 MB. */
const MAX_PAIRS = 1 << 20;

export class BatchWriter {
  readonly rows: TypedRows;
  readonly #views = new ViewCounts();

  constructor(
    readonly kind: Kind,
    times?: EventTimes,
  ) {
    this.rows = new TypedRows(kind, times);
  }

  /** The rows since the last batch; impressions only once there are many pairs, or in the last batch. */
  flush(bytes: number, isLast = false): RowBatch {
    const batch = this.kind === "impressions" ? this.#summed(bytes, isLast) : this.#copied(bytes);
    this.rows.clear();
    return batch;
  }

  /** Copies, since the columns are reused. */
  #copied(bytes: number): RowBatch {
    const { length, numbers, lines, revenues, periods, clock, texts, hasTexts } = this.rows;
    return {
      ...this.#counted(bytes),
      columns: [...numbers, lines].map((column) => column.slice(0, length)),
      revenues: revenues.slice(0, length),
      periods: clock && periods.slice(0, length),
      texts: hasTexts ? texts.map((words) => words.slice(0, length * WORDS_PER_TEXT_ID)) : [],
    };
  }

  #summed(bytes: number, isLast: boolean): RowBatch {
    const outside = this.#views.add(this.rows);
    const batch = { ...this.#counted(bytes), inside: this.rows.length - outside, outside };
    if (this.#views.size <= (isLast ? 0 : MAX_PAIRS)) return batch;
    const { banners, campaigns, views, periods } = this.#views.take();
    return { ...batch, columns: [banners, campaigns], views, periods: this.rows.clock && periods };
  }

  #counted(bytes: number): RowBatch {
    const { length, malformedRows: malformed } = this.rows;
    return {
      rows: length + malformed.length,
      bytes,
      kind: this.kind,
      columns: [],
      views: new Float64Array(0),
      revenues: new BigInt64Array(0),
      periods: undefined,
      texts: [],
      inside: 0,
      outside: 0,
      malformed,
    };
  }
}

export function deliver(batch: RowBatch, sink: BatchSink): void {
  const [first, second, third, fourth, fifth] = batch.columns;
  const { kind, views, revenues, periods, malformed } = batch;
  sink.batch(batch);
  if (kind === "impressions") {
    sink.impressionRows(batch.inside, batch.outside);
    for (let pair = 0; pair < views.length; pair++)
      sink.impressions(first![pair]!, second![pair]!, views[pair]!, periods?.[pair]);
    for (const { line, reason } of malformed) sink.malformed(line, reason);
    return;
  }
  const lines = batch.columns.at(-1)!;
  let told = 0;
  const tellMalformed = (before: number): void => {
    for (; told < malformed.length && malformed[told]!.line < before; told++)
      sink.malformed(malformed[told]!.line, malformed[told]!.reason);
  };
  sink.texts(batch.texts);
  const isAtOnce = kind !== "statistics" && batch.texts.length === 0;
  if (isAtOnce) sink[kind](batch, tellMalformed);
  for (let row = isAtOnce ? lines.length : 0; row < lines.length; row++) {
    const line = lines[row]!;
    tellMalformed(line);
    if (kind === "clicks") sink.click(idOf(first!, row), second![row]!, third![row]!, line, periods?.[row]);
    else if (kind === "conversions") sink.conversion(idOf(first!, row), idOf(second!, row), revenues[row]!, line);
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
  tellMalformed(Infinity);
}

function idOf(column: Uint32Array, row: number): number {
  const id = column[row]!;
  return id === TEXT_ID ? ~(row * WORDS_PER_TEXT_ID) : id;
}

export function buffersOf({ columns, views, revenues, periods, texts }: RowBatch): ArrayBuffer[] {
  const arrays = [...columns, views, revenues, ...(periods ? [periods] : []), ...texts];
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

export function sizeOf(batch: RowBatch): number {
  const reasons = batch.malformed.reduce((sum, { reason }) => sum + 100 + reason.length, 0);
  return buffersOf(batch).reduce((sum, { byteLength }) => sum + byteLength, reasons);
}
