/** The event files to counts, with an account of every row: read = used + rejected, for each file. */
import { EventCounts } from "./count-events.js";
import { DataError } from "./data-error.js";
import { FirstClicks, FirstConversions, type Place } from "./dedupe.js";
import type { RowTaker } from "./event-rows.js";
import type { DataFolder, EventFile } from "./find-files.js";
import { readEvents } from "./read-events.js";
import { REJECT_KINDS, type RejectKind, type RejectLog } from "./rejects.js";

export type OnBadRow = "stop" | "reject";

/** What became of one file's rows. `read` is counted where rows are read, the others where they are judged. */
export interface FileAccount {
  readonly file: EventFile;
  read: number;
  used: number;
  readonly rejected: Record<RejectKind, number>;
  /** Columns that are not read. */
  unreadColumns: readonly string[];
}

/** Bad rows under `stop`. `rows` are the first of them, as `file:line: reason`. */
export class BadRowsError extends DataError {
  constructor(
    readonly rows: readonly string[],
    readonly count: number,
  ) {
    super(`${count} malformed row(s): nothing is published: mend them, or set them aside with --on-bad-row reject`);
  }
}

/** How many bad rows a stopped build lists. */
const MOST_LISTED = 20;

/** @throws DataError, with BadRowsError for bad rows under `stop` once all files are read */
export async function collectEvents(
  data: DataFolder,
  onBadRow: OnBadRow,
  rejects: RejectLog,
): Promise<{ counts: EventCounts; accounts: FileAccount[] }> {
  const collector = new Collector(data, rejects);
  for (const file of data.files) await collector.collect(file);
  if (onBadRow === "stop" && collector.badRowCount > 0)
    throw new BadRowsError(collector.badRows, collector.badRowCount);
  return { counts: collector.counts, accounts: [...collector.accounts.values()] };
}

class Collector implements RowTaker {
  readonly counts: EventCounts;
  readonly accounts = new Map<EventFile, FileAccount>();
  readonly badRows: string[] = [];
  badRowCount = 0;
  readonly #clicks = new FirstClicks();
  readonly #conversions = new FirstConversions();
  #file!: EventFile;
  #fileNumber = 0;
  #account!: FileAccount;

  constructor(
    readonly data: DataFolder,
    readonly rejects: RejectLog,
  ) {
    this.counts = new EventCounts(data.periods);
  }

  async collect(file: EventFile): Promise<void> {
    const rejected = Object.fromEntries(REJECT_KINDS.map((kind) => [kind, 0])) as Record<RejectKind, number>;
    this.#file = file;
    this.#fileNumber = this.data.files.indexOf(file);
    this.#account = { file, read: 0, used: 0, rejected, unreadColumns: [] };
    this.accounts.set(file, this.#account);
    if (file.duplicateOf === undefined) {
      const { rows, unreadColumns } = await readEvents(file, this);
      this.#account.read = rows;
      this.#account.unreadColumns = unreadColumns;
    } else {
      this.#rejectFile(file.duplicateOf);
    }
    requireBalance(this.#account);
  }

  impression(banner: number, campaign: number): void {
    this.counts.addImpression(this.counts.counterOf(this.#file.period, campaign, banner));
    this.#use();
  }

  click(click: number, banner: number, campaign: number, line: number): void {
    const counter = this.counts.counterOf(this.#file.period, campaign, banner);
    const repeat = this.#clicks.add(click, counter, this.#fileNumber, line);
    if (repeat === undefined) {
      this.counts.addClick(counter);
      this.#use();
    } else {
      this.#reject(
        line,
        repeat,
        `click_id ${click} came before with ${sameOrOther(repeat)}`,
        this.#clicks.placeOf(click),
      );
    }
  }

  conversion(conversion: number, click: number, revenue: bigint, line: number): void {
    const counter = this.#clicks.counterOf(click);
    // Before its id counts as taken: a row that does not count cannot keep out one that does.
    if (counter === -1) {
      this.#reject(line, "orphan", `click_id ${click} is in no clicks file`);
      return;
    }
    const repeat = this.#conversions.add(conversion, click, revenue, this.#fileNumber, line);
    if (repeat === undefined) {
      this.counts.addConversion(counter, revenue);
      this.#use();
    } else {
      const reason = `conversion_id ${conversion} came before with ${sameOrOther(repeat)}`;
      this.#reject(line, repeat, reason, this.#conversions.placeOf(conversion));
    }
  }

  malformed(line: number, reason: string): void {
    this.badRowCount++;
    if (this.badRows.length < MOST_LISTED) this.badRows.push(`${this.#file.path}:${line}: ${reason}`);
    this.#reject(line, "malformed", reason);
  }

  #use(): void {
    this.#account.used++;
  }

  #reject(line: number, kind: RejectKind, reason: string, first?: Place): void {
    this.#account.rejected[kind]++;
    const counting = first && { file: this.data.files[first.file]!.name, line: first.line };
    this.rejects.write(this.#file.name, line, kind, reason, counting);
  }

  /** The same bytes have the same rows, so they need not be read again to be counted. */
  #rejectFile(earlier: EventFile): void {
    const { read, unreadColumns } = this.accounts.get(earlier)!;
    this.#account.read = read;
    this.#account.rejected["duplicate file"] = read;
    this.#account.unreadColumns = unreadColumns;
    const reason = `all ${read} row(s): the file has the same bytes as ${earlier.name}`;
    this.rejects.write(this.#file.name, undefined, "duplicate file", reason, { file: earlier.name });
  }
}

export function rejectedRows(account: FileAccount): number {
  return REJECT_KINDS.reduce((sum, kind) => sum + account.rejected[kind], 0);
}

function requireBalance(account: FileAccount): void {
  if (account.read !== account.used + rejectedRows(account))
    throw new Error(
      `${account.file.name}: ${account.read} rows read, but ${account.used} used and ${rejectedRows(account)} rejected`,
    );
}

function sameOrOther(repeat: "duplicate" | "conflict"): string {
  return repeat === "duplicate" ? "the same content" : "other content";
}
