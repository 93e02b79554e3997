/** Runs the stages of a build in order: find, digest, read, compile, check, report, publish. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { requireFolderOrNothing } from "../src/options/regular-file.js";
import { Catalog } from "../src/index/catalog.js";
import { decode } from "../src/index/format.js";
import { comparing } from "../src/view/change/compare.js";
import { outlinePublished, outlining } from "../src/view/change/outline.js";
import { atOnce } from "../src/view/change/slices.js";
import type { SourceOptions } from "./clickhouse/count-events.js";
import { compile } from "./compile.js";
import type { FileAccount } from "./count/account.js";
import { collectEvents } from "./count/collect.js";
import type { EventCounts } from "./count/counters.js";
import { RejectLog } from "./count/rejects.js";
import { readDescriptions, type Descriptions } from "./descriptions.js";
import { holdBack } from "./held-back.js";
import type { Check } from "./guard/checks.js";
import { readExpectations, type Expectations } from "./guard/expectations.js";
import { DEFAULT_LIMITS, findAll, type Limits } from "./guard/findings.js";
import { findUnexpected } from "./guard/unexpected.js";
import { readBanners, type BannerFolder } from "./images/folder.js";
import { BadRows, DataError, type OnBadRow } from "./read/data-error.js";
import { findDuplicates } from "./read/duplicates.js";
import type { ReadOptions } from "./read/event-file.js";
import type { EventTimes } from "./read/event-time.js";
import { InlineReader, type EventReader, type ReadProgress } from "./read/event-reader.js";
import {
  findFiles,
  LISTS,
  requireReadable,
  type DataFolder,
  type FoundFile,
  type FoundLists,
  type List,
} from "./read/find.js";
import { ReaderThreads } from "./read/reader-threads.js";
import { eventTimes, zoneOf, type TimeOptions } from "./read/time-options.js";
import { mixedSizes } from "./report/mixed-sizes.js";
import { reportPage } from "./report/page.js";
import { RefusedError } from "./report/refused.js";
import { makeReport, type BuildReport, type ReportedData } from "./report/report.js";
import { verifyCells } from "./verify.js";
import { INDEX_FILE, Publication } from "./write/publish.js";

/** Files of lists, by default those in the data folder, where they exist. */
type NamedLists = Readonly<Partial<Record<List, string | undefined>>>;

export interface BuildOptions extends NamedLists {
  /** A folder, or a database of ClickHouse. */
  readonly data: string | SourceOptions;
  readonly banners: string | undefined;
  readonly out: string;
  readonly onBadRow: OnBadRow;
  /** Milliseconds since 1970: the moment that decides which banners are held back. Undefined for now. */
  readonly at?: number | undefined;
  /** Threads that read, this one among them. Undefined for one a core, or one where there is little to read. */
  readonly workers?: number | undefined;
  /** How timestamps are read. */
  readonly timestamps?: TimeOptions | undefined;
  /** Names that files have for our columns. */
  readonly columnNames?: ReadOptions["columnNames"] | undefined;
  /** The checks that may fail. */
  readonly accept?: readonly (Check | "all")[] | undefined;
  readonly limits?: Limits | undefined;
  /** The share of decisions that draw from all banners of a cell, from 0 to below 1. */
  readonly exploration?: number | undefined;
  /** A file of rows and sums that the data must have. */
  readonly expect?: string | undefined;
  /** In which the report's page shows money: ISO 4217. */
  readonly currency?: string | undefined;
  /** Does all but publish, and changes nothing in `out`. */
  readonly dryRun?: boolean | undefined;
}

export type Stage = "find" | "digest" | "read" | "count" | "compile" | "check" | "report" | "publish";

export type OnStage = (stage: Stage, progress?: () => ReadProgress, bytes?: number) => void;

export interface BuildWatcher {
  readonly onStage: OnStage;
  /** What the user should know, in one line, though the build goes on. */
  readonly onNote: (note: string) => void;
  /** Ends the build before it publishes. */
  readonly signal: AbortSignal;
}

/** Where it throws, what was published before is untouched. @throws DataError, RefusedError, or the signal's reason */
export async function build(options: BuildOptions, watcher: Partial<BuildWatcher> = {}): Promise<BuildReport> {
  const { onStage = () => undefined, onNote = () => undefined, signal = new AbortController().signal } = watcher;
  onStage("find");
  const { data, expect } = options;
  const events =
    typeof data === "string" ? await fileEvents(data, options) : await clickHouseEvents(data, options, signal);
  try {
    const { times } = events;
    const expected = { periods: times?.periods ?? events.data.periods!, isTimed: times !== undefined };
    const expectations = expect === undefined ? undefined : await readExpectations(expect, expected);
    return await buildFrom(events, expectations, options, { onStage, onNote, signal });
  } finally {
    await events.close();
  }
}

interface Counted {
  readonly counts: EventCounts;
  readonly accounts: readonly FileAccount[];
}

/** What is counted, wherever it lies. */
interface Events {
  /** As errors name it. */
  readonly name: string;
  readonly data: ReportedData;
  readonly times: EventTimes | undefined;
  /** Beside the events. */
  readonly lists: FoundLists;
  count(badRows: BadRows, rejects: RejectLog, watcher: Omit<BuildWatcher, "onNote">): Promise<Counted>;
  close(): Promise<void>;
}

async function fileEvents(folder: string, options: BuildOptions): Promise<Events> {
  const data = await findFiles(folder);
  requireReadable(data);
  const times = eventTimes(folder, data.periods !== undefined, options.timestamps);
  // Its threads start while this one goes on.
  const reader = readerFor(data.files, options.workers, { columnNames: options.columnNames ?? [], times });
  return {
    name: folder,
    data,
    times,
    lists: data.lists,
    count: (...judges) => countFiles({ data, times, reader }, ...judges),
    close: () => reader.close(),
  };
}

async function clickHouseEvents(
  where: SourceOptions,
  { onBadRow, timestamps }: BuildOptions,
  signal: AbortSignal,
): Promise<Events> {
  // Only where it is asked for: it has a bundle of its own.
  const { countEvents, sourceOf } = await import("./clickhouse/count-events.js");
  const source = sourceOf(where, signal);
  const times = eventTimes(source.address.text, false, timestamps)!;
  return {
    ...{
      name: source.address.text,
      data: { periods: undefined, ignored: [], missing: [] },
      times,
      lists: {},
    },
    count: (_, rejects, { onStage }) =>
      countEvents(source, {
        times,
        onBadRow,
        rejects,
        onProgress: (progress) => {
          onStage("count", progress);
        },
      }),
    close: () => Promise.resolve(),
  };
}

async function buildFrom(
  events: Events,
  expectations: Expectations | undefined,
  options: BuildOptions,
  watcher: BuildWatcher,
): Promise<BuildReport> {
  const { name, data, times } = events;
  const { onStage, onNote, signal } = watcher;
  const { at = Date.now() } = options;
  const banners = await readBannerFolder(options);
  const publication = await beginPublication(options, onNote);
  try {
    const before = await outlinePublished(join(options.out, INDEX_FILE));
    const { counts, ...described } = await countAll(events, banners, options, publication?.rejectsPath, watcher);
    if (counts.countEntries() === 0)
      throw new DataError(
        `${name}: no usable rows${outsideText(described.accounts)}: refusing to publish an empty index`,
      );
    onStage("compile");
    const clicksWithoutImpression = counts.countClicksWithoutImpression();
    const { accounts } = described;
    const unexpected =
      expectations === undefined ? [] : findUnexpected(expectations, { accounts, sums: counts.sumsByPeriod() });
    const heldBack = holdBack(counts, described.banners, at);
    const compiled = compile(counts, banners.images, described.banners, {
      campaigns: described.campaigns,
      heldBack: heldBack.map(({ banner }) => banner),
      timeZone: times?.timeZone,
      exploration: options.exploration,
    });
    onStage("check");
    // Decoded as the server does, but for the checksum, which is fresh: what it would refuse is not published.
    const catalog = new Catalog(decode(compiled.parts, compiled.digest));
    verifyCells(catalog);
    if (catalog.index.counts.entries === 0)
      throw new DataError(`${name}: every banner is held back: refusing to publish an empty index`);
    const after = atOnce(outlining(catalog));
    const change = atOnce(comparing(before, after));
    const { limits = DEFAULT_LIMITS, accept = [] } = options;
    const findings = findAll({ before, after, difference: change.comparison, accounts, unexpected }, limits, accept);
    onStage("report");
    const { generation, exploration } = catalog.index;
    const report = makeReport({
      generation,
      exploration,
      accounts,
      data,
      times,
      banners,
      compiled,
      clicksWithoutImpression,
      heldBack,
      mixedSizes: mixedSizes(catalog, compiled.bannersWithoutImage),
      difference: change.comparison,
      expectations,
      findings,
    });
    const reports = {
      report: `${JSON.stringify(report, undefined, 2)}\n`,
      page: await reportPage(report, catalog, { change, currency: options.currency }),
    };
    // A signal may have come while this thread was busy.
    await nextTurn();
    signal.throwIfAborted();
    onStage("publish");
    if (findings.some(({ accepted }) => !accepted)) {
      await publication?.refuse(reports);
      throw new RefusedError(report);
    }
    await publication?.publish({ index: compiled.parts, ...reports });
    return report;
  } finally {
    await publication?.end();
  }
}

async function beginPublication(
  { out, dryRun = false }: BuildOptions,
  onNote?: BuildWatcher["onNote"],
): Promise<Publication | undefined> {
  if (!dryRun) return Publication.begin(out, onNote);
  requireFolderOrNothing(out);
  return undefined;
}

function outsideText(accounts: readonly FileAccount[]): string {
  const sum = (count: (account: FileAccount) => number): number => accounts.reduce((sum, each) => sum + count(each), 0);
  const outside = sum((account) => account.outside);
  return outside === 0 ? "" : `, ${outside} of ${sum(({ read }) => read)} outside of --from and --to`;
}

interface ReadData extends Descriptions {
  readonly counts: EventCounts;
}

async function countAll(
  events: Events,
  banners: BannerFolder,
  { onBadRow, timestamps, ...named }: BuildOptions,
  rejectsPath: string | undefined,
  watcher: Omit<BuildWatcher, "onNote">,
): Promise<ReadData> {
  const badRows = new BadRows();
  const rejects = new RejectLog(rejectsPath);
  const lists = { ...events.lists, ...listsNamed(named) };
  try {
    const { counts, accounts } = await events.count(badRows, rejects, watcher);
    const described = await readDescriptions(lists, banners, counts, () => zoneOf(timestamps), badRows, rejects);
    if (onBadRow === "stop") badRows.requireNone();
    rejects.close();
    return { counts, ...described, accounts: [...accounts, ...described.accounts] };
  } finally {
    rejects.abandon();
    await events.close();
  }
}

/** Reports name them as those in a data folder, and do not depend on where they lie. */
function listsNamed(named: NamedLists): FoundLists {
  const given = LISTS.flatMap((list) => {
    const path = named[list];
    return path === undefined ? [] : [[list, { path, name: `${list}.csv` }]];
  });
  return Object.fromEntries(given) as FoundLists;
}

interface FileEvents {
  readonly data: DataFolder;
  readonly times: EventTimes | undefined;
  readonly reader: EventReader;
}

async function countFiles(
  { data: { files, periods = 0 }, times, reader }: FileEvents,
  badRows: BadRows,
  rejects: RejectLog,
  { onStage, signal }: Omit<BuildWatcher, "onNote">,
): Promise<Counted> {
  const abort = (): void => {
    reader.abort(signal.reason as Error);
  };
  signal.addEventListener("abort", abort);
  try {
    const eventFiles = await findDuplicates(files, (likely) => {
      onStage("digest");
      return reader.digest(likely);
    });
    const unread = eventFiles.filter(({ duplicateOf }) => duplicateOf === undefined);
    const bytes = unread.reduce((sum, file) => sum + file.bytes, 0);
    onStage("read", () => reader.progress(), bytes);
    return await collectEvents({ periods: times?.periods ?? periods, files: eventFiles, reader }, badRows, rejects);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** For less, starting threads takes longer than they save. */
const MIN_BYTES_FOR_THREADS = 1 << 20;

function readerFor(files: readonly FoundFile[], workers: number | undefined, options: ReadOptions): EventReader {
  const isLittle = files.reduce((sum, { bytes }) => sum + bytes, 0) < MIN_BYTES_FOR_THREADS;
  const others = Math.min(workers ?? (isLittle ? 1 : availableParallelism()), files.length) - 1;
  return others > 0 ? new ReaderThreads(others, options) : new InlineReader(options);
}

async function readBannerFolder({ banners, onBadRow }: BuildOptions): Promise<BannerFolder> {
  if (banners === undefined) return { name: "", images: new Map(), unreadable: [], ignored: [] };
  const folder = await readBanners(banners);
  const [bad] = folder.unreadable;
  if (bad !== undefined && onBadRow === "stop")
    throw new DataError(
      `${join(banners, bad.file)}: ${bad.reason}: correct it, or replace it by a placeholder with --on-bad-row reject`,
    );
  return folder;
}
