/** Collects the rows of all files into counts, with an account of every row. */
import type { BadRows } from "../read/data-error.js";
import { EventCounts, OUTSIDE_COUNTER } from "./counters.js";
import { DataError } from "../read/data-error.js";
import { FirstClicks, FirstConversions, FirstStatistics, type Repeat, type RowLocation } from "./dedupe.js";
import type { EventReader } from "../read/event-reader.js";
import type { EventFile } from "../read/duplicates.js";
import { OUTSIDE } from "../read/event-time.js";
import type { Kind } from "../read/find.js";
import { ensureCapacity, IdMap, NOT_FOUND } from "../read/id-map.js";
import { emptyAccount, requireBalance, type FileAccount } from "./account.js";
import type { Statistics } from "../read/event-rows.js";
import type { RejectKind, RejectLog } from "./rejects.js";
import type { BatchSink, RowBatch } from "../read/row-batch.js";
import { TextIdMap } from "./text-id-map.js";

/** @throws DataError where a file has no header row, or counts exceed what an index holds */
export async function collectEvents(
  { periods, files, reader }: { periods: number; files: readonly EventFile[]; reader: EventReader },
  badRows: BadRows,
  rejects: RejectLog,
): Promise<{ counts: EventCounts; accounts: FileAccount[] }> {
  const collector = new Collector(periods, files, badRows, rejects);
  const ordered = [...files].sort((a, b) => Number(isSummed(a)) - Number(isSummed(b)));
  reader.announce(ordered.filter(({ duplicateOf }) => duplicateOf === undefined));
  for (const file of ordered) await collector.collect(file, reader);
  return { counts: collector.counts, accounts: files.map((file) => collector.accounts.get(file)!) };
}

/** Read last: rows with ids are the work of this thread, which then goes on while others read and sum impressions. */
function isSummed({ kind }: EventFile): boolean {
  return kind === "impressions";
}

class Collector implements BatchSink {
  readonly counts: EventCounts;
  readonly accounts = new Map<EventFile, FileAccount>();
  readonly #clickIds = new IdMap(1);
  readonly #conversionIds = new IdMap(1);
  readonly #clicks = new FirstClicks(this.#clickIds);
  readonly #conversions = new FirstConversions(this.#conversionIds);
  readonly #textIds = { clicks: new TextIdMap(), conversions: new TextIdMap() };
  readonly #textClicks = new FirstClicks(this.#textIds.clicks);
  readonly #textConversions = new FirstConversions(this.#textIds.conversions);
  readonly #statistics = new FirstStatistics();
  #file!: EventFile;
  /** Of rows that have no time. */
  #period = 0;
  #fileNumber = 0;
  #account!: FileAccount;
  #indexes = new Uint32Array(0);
  #counters = new Uint32Array(0);
  /** Kinds for whose rows there is room. */
  readonly #reserved = new Set<Kind>();

  constructor(
    periods: number,
    readonly files: readonly EventFile[],
    readonly badRows: BadRows,
    readonly rejects: RejectLog,
  ) {
    this.counts = new EventCounts(periods);
  }

  async collect(file: EventFile, reader: EventReader): Promise<void> {
    this.#file = file;
    this.#period = file.period ?? 0;
    this.#fileNumber = this.files.indexOf(file);
    this.#account = emptyAccount(file);
    this.accounts.set(file, this.#account);
    if (file.duplicateOf === undefined) {
      const { rows, unknownColumns, digest } = await reader.read(file, this);
      Object.assign(this.#account, { read: rows, unknownColumns, digest });
      this.badRows.endFile(file.path, rows);
    } else {
      this.#rejectFile(file.duplicateOf);
    }
    requireBalance(this.#account);
  }

  texts(words: readonly Uint32Array[]): void {
    const [ids, clickIds] = words;
    const { clicks, conversions } = this.#textIds;
    if (this.#file.kind === "clicks") clicks.source = ids;
    else [conversions.source, clicks.source] = [ids, clickIds];
  }

  impressionRows(inside: number, outside: number): void {
    this.#account.used += inside;
    this.#account.outside += outside;
  }

  impressions(banner: number, campaign: number, views: number, period = this.#period): void {
    if (!this.counts.addImpression(this.counts.counterOf(period, campaign, banner), views))
      throw new DataError(
        `${this.#file.path}: the impressions of banner ${banner} in campaign ${campaign} exceed 4294967295: split the period`,
      );
  }

  /** As many as the first of a kind let expect of all its files, and a tenth less: rows grow as their ids do. */
  batch({ kind, rows, bytes }: RowBatch): void {
    if (this.#reserved.has(kind) || bytes === 0) return;
    this.#reserved.add(kind);
    const files = this.files.filter((file) => file.kind === kind && file.duplicateOf === undefined);
    const expected = Math.ceil((0.9 * files.reduce((sum, file) => sum + file.bytes, 0) * rows) / bytes);
    if (kind === "clicks") for (const each of [this.#clickIds, this.#clicks]) each.reserve(expected);
    if (kind === "conversions") for (const each of [this.#conversionIds, this.#conversions]) each.reserve(expected);
  }

  clicks({ columns, periods }: RowBatch, tellMalformed: (before: number) => void): void {
    const [ids, banners, campaigns, lines] = columns as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    const { length } = ids;
    const { size } = this.#clickIds;
    const indexes = (this.#indexes = ensureCapacity(this.#indexes, length));
    const counters = this.counts.countersOf(periods ?? this.#period, campaigns, banners);
    this.#clickIds.addAll(ids, ids, length, indexes);
    const repeats = this.#clicks.addRows({ indexes, size }, counters, lines, this.#fileNumber);
    let used = 0;
    let from = 0;
    for (const { row, repeat, first } of repeats) {
      used += this.counts.addClicks(counters, from, row);
      from = row + 1;
      tellMalformed(lines[row]!);
      this.#rejectRepeat(lines[row]!, repeat, named("click_id", ids[row]!), first);
    }
    used += this.counts.addClicks(counters, from, length);
    this.#account.used += used;
    this.#account.outside += length - repeats.length - used;
  }

  click(id: number, banner: number, campaign: number, line: number, period = this.#period): void {
    const clicks = id < 0 ? this.#textClicks : this.#clicks;
    const click = id < 0 ? ~id : id;
    if (period === OUTSIDE) {
      clicks.addOutside(click);
      this.#account.outside++;
      return;
    }
    const counter = this.counts.counterOf(period, campaign, banner);
    const repeat = clicks.add(click, counter, this.#fileNumber, line);
    if (repeat === undefined) {
      this.counts.addClick(counter);
      this.#account.used++;
    } else {
      this.#rejectRepeat(line, repeat, named("click_id", id), clicks.locationOf(click));
    }
  }

  conversions({ columns, revenues }: RowBatch, tellMalformed: (before: number) => void): void {
    const [ids, clickIds, lines] = columns as [Uint32Array, Uint32Array, Uint32Array];
    const indexes = (this.#indexes = ensureCapacity(this.#indexes, ids.length));
    const counters = (this.#counters = ensureCapacity(this.#counters, ids.length));
    // All at once, since each look-up waits for memory.
    this.#clickIds.findAll(clickIds, indexes);
    this.#clicks.countersAt(indexes.subarray(0, ids.length), counters);
    for (let row = 0; row < ids.length; row++) {
      const line = lines[row]!;
      tellMalformed(line);
      this.#convert(ids[row]!, clickIds[row]!, indexes[row]!, counters[row]!, revenues[row]!, line);
    }
  }

  conversion(id: number, clickId: number, revenue: bigint, line: number): void {
    const clicks = clickId < 0 ? this.#textClicks : this.#clicks;
    const click = clicks.indexOf(clickId < 0 ? ~clickId : clickId);
    if (click === -1) this.#convert(id, clickId, NOT_FOUND, 0, revenue, line);
    else this.#convert(id, clickId, click, clicks.counterAt(click), revenue, line);
  }

  /** @param click the index of the click, or NOT_FOUND */
  #convert(id: number, clickId: number, click: number, counter: number, revenue: bigint, line: number): void {
    // Before its id is added: an orphan must not make a later row of the id a repeat.
    if (click === NOT_FOUND) {
      this.#reject(line, "orphan", `${named("click_id", clickId)} is in no clicks file`);
      return;
    }
    if (counter === OUTSIDE_COUNTER) {
      this.#account.outside++;
      return;
    }
    const conversions = id < 0 ? this.#textConversions : this.#conversions;
    const conversion = id < 0 ? ~id : id;
    const clickNumber = click * 2 + (clickId < 0 ? 1 : 0);
    const repeat = conversions.add(conversion, clickNumber, revenue, this.#fileNumber, line);
    if (repeat === undefined) {
      if (!this.counts.addConversion(counter, revenue)) throw this.#revenueTooLarge(counter, line);
      this.#account.used++;
    } else {
      this.#rejectRepeat(line, repeat, named("conversion_id", id), conversions.locationOf(conversion));
    }
  }

  statistics(campaign: number, statistics: Statistics, line: number): void {
    const counter = this.counts.counterOf(this.#period, campaign, statistics.banner);
    if (this.#statistics.add(counter, this.#fileNumber, line)) {
      this.counts.setStatistics(counter, statistics);
      this.#account.used++;
    } else {
      const repeat = this.counts.hasStatistics(counter, statistics) ? "duplicate" : "conflict";
      const what = `banner_id ${statistics.banner} of campaign_id ${campaign}`;
      this.#rejectRepeat(line, repeat, what, this.#statistics.locationOf(counter));
    }
  }

  malformed(line: number, reason: string): void {
    this.badRows.add(this.#file.path, line, reason);
    this.#reject(line, "malformed", reason);
  }

  #revenueTooLarge(counter: number, line: number): DataError {
    const { campaign, banner } = this.counts.pairOf(counter);
    return new DataError(
      `${this.#file.path}:${line}: the revenue of banner ${banner} in campaign ${campaign} exceeds 9223372036854.775807: ` +
        "give revenue in a larger unit",
    );
  }

  #rejectRepeat(line: number, repeat: Repeat, what: string, first: RowLocation): void {
    const content = repeat === "duplicate" ? "the same content" : "other content";
    this.#reject(line, repeat, `${what} came before with ${content}`, first);
  }

  #reject(line: number, kind: RejectKind, reason: string, first?: RowLocation): void {
    this.#account.rejected[kind]++;
    const counting = first && { file: this.files[first.file]!.name, line: first.line };
    this.rejects.write(this.#file.name, line, kind, reason, counting);
  }

  /** The same bytes have the same rows: they need not be read to be counted. */
  #rejectFile(earlier: EventFile): void {
    const { read, unknownColumns, digest } = this.accounts.get(earlier)!;
    Object.assign(this.#account, { read, unknownColumns, digest });
    this.#account.rejected["duplicate file"] = read;
    const reason = `all ${read} row(s): the file has the same bytes as ${earlier.name}`;
    this.rejects.write(this.#file.name, undefined, "duplicate file", reason, { file: earlier.name });
  }
}

/** Of a text, only the hash is known here; it stands in the row that is named. */
function named(column: string, id: number): string {
  return id < 0 ? `its ${column}` : `${column} ${id}`;
}
