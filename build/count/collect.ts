/** Collects the rows of all files into counts, with an account of every row: read = used + rejected, for each file. */
import type { BadRows } from "../read/data-error.js";
import { EventCounts } from "./counters.js";
import { DataError } from "../read/data-error.js";
import { FirstClicks, FirstConversions, FirstStatistics, type Repeat, type RowLocation } from "./dedupe.js";
import type { EventReader } from "../read/event-reader.js";
import type { EventFile } from "../read/duplicates.js";
import { emptyAccount, requireBalance, type FileAccount } from "./account.js";
import type { Statistics } from "../read/event-rows.js";
import type { RejectKind, RejectLog } from "./rejects.js";
import type { BatchSink } from "../read/row-batch.js";

/** @throws DataError where a file has no header row, or counts exceed what an index holds */
export async function collectEvents(
  { periods, files, reader }: { periods: number; files: readonly EventFile[]; reader: EventReader },
  badRows: BadRows,
  rejects: RejectLog,
): Promise<{ counts: EventCounts; accounts: FileAccount[] }> {
  const collector = new Collector(periods, files, badRows, rejects);
  reader.announce(files.filter(({ duplicateOf }) => duplicateOf === undefined));
  for (const file of files) await collector.collect(file, reader);
  return { counts: collector.counts, accounts: [...collector.accounts.values()] };
}

class Collector implements BatchSink {
  readonly counts: EventCounts;
  readonly accounts = new Map<EventFile, FileAccount>();
  readonly #clicks = new FirstClicks();
  readonly #conversions = new FirstConversions();
  readonly #statistics = new FirstStatistics();
  #file!: EventFile;
  #fileNumber = 0;
  #account!: FileAccount;

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

  impressions(banner: number, campaign: number, count: number): void {
    if (!this.counts.addImpression(this.counts.counterOf(this.#file.period, campaign, banner), count))
      throw new DataError(
        `${this.#file.path}: the impressions of banner ${banner} in campaign ${campaign} exceed 4294967295: split the period`,
      );
    this.#account.used += count;
  }

  click(click: number, banner: number, campaign: number, line: number): void {
    const counter = this.counts.counterOf(this.#file.period, campaign, banner);
    const repeat = this.#clicks.add(click, counter, this.#fileNumber, line);
    if (repeat === undefined) {
      this.counts.addClick(counter);
      this.#account.used++;
    } else {
      this.#rejectRepeat(line, repeat, `click_id ${click}`, this.#clicks.locationOf(click));
    }
  }

  conversion(conversion: number, click: number, revenue: bigint, line: number): void {
    const counter = this.#clicks.counterOf(click);
    // Before its id is added: an orphan must not make a later row of the id a repeat.
    if (counter === -1) {
      this.#reject(line, "orphan", `click_id ${click} is in no clicks file`);
      return;
    }
    const repeat = this.#conversions.add(conversion, click, revenue, this.#fileNumber, line);
    if (repeat === undefined) {
      if (!this.counts.addConversion(counter, revenue)) throw this.#revenueTooLarge(counter, line);
      this.#account.used++;
    } else {
      this.#rejectRepeat(line, repeat, `conversion_id ${conversion}`, this.#conversions.locationOf(conversion));
    }
  }

  statistics(campaign: number, statistics: Statistics, line: number): void {
    const counter = this.counts.counterOf(this.#file.period, campaign, statistics.banner);
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
