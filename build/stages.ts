/** Runs the stages of a build in order: find, digest, read, compile, check, report, publish. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { requireFolderOrNothing } from "../src/options/regular-file.js";
import { Catalog } from "../src/index/catalog.js";
import { decode } from "../src/index/format.js";
import { compile } from "./compile.js";
import type { FileAccount } from "./count/account.js";
import { collectEvents } from "./count/collect.js";
import type { EventCounts } from "./count/counters.js";
import { RejectLog } from "./count/rejects.js";
import { readDescriptions, type Descriptions } from "./descriptions.js";
import { holdBack } from "./held-back.js";
import { compare } from "./guard/difference.js";
import type { Check } from "./guard/comparison.js";
import { DEFAULT_LIMITS, findAll, type Limits } from "./guard/findings.js";
import { outline, outlinePublished } from "./guard/outline.js";
import { readBanners, type BannerFolder } from "./images/folder.js";
import { BadRows, DataError, type OnBadRow } from "./read/data-error.js";
import { findDuplicates } from "./read/duplicates.js";
import type { ReadOptions } from "./read/event-file.js";
import type { EventTimes } from "./read/event-time.js";
import { InlineReader, type EventReader, type ReadProgress } from "./read/event-reader.js";

import { findFiles, requireReadable, type DataFolder, type FoundFile } from "./read/find.js";
import { ReaderThreads } from "./read/reader-threads.js";
import { eventTimes, zoneOf, type TimeOptions } from "./read/time-options.js";
import { mixedSizes } from "./report/mixed-sizes.js";
import { reportPage } from "./report/page.js";
import { RefusedError } from "./report/refused.js";
import { makeReport, type BuildReport } from "./report/report.js";
import { verifyCells } from "./verify.js";
import { INDEX_FILE, Publication } from "./write/publish.js";

export interface BuildOptions {
  readonly data: string;
  readonly banners: string | undefined;
  readonly out: string;
  readonly onBadRow: OnBadRow;
  /** Milliseconds since 1970: the moment that decides which banners are held back. Undefined for now. */
  readonly at?: number | undefined;
  /** Undefined for one a core, or none where there is little to read. */
  readonly workers?: number | undefined;
  /** How timestamps are read. */
  readonly timestamps?: TimeOptions | undefined;
  /** Names that files have for our columns. */
  readonly columnNames?: ReadOptions["columnNames"] | undefined;
  /** The checks that may fail. */
  readonly accept?: readonly (Check | "all")[] | undefined;
  readonly limits?: Limits | undefined;
  /** Does all but publish, and changes nothing in `out`. */
  readonly dryRun?: boolean | undefined;
}

export type Stage = "find" | "digest" | "read" | "compile" | "check" | "report" | "publish";

export type OnStage = (stage: Stage, progress?: () => ReadProgress, bytes?: number) => void;

export interface BuildWatcher {
  readonly onStage: OnStage;
  /** Ends the build before it publishes. */
  readonly signal: AbortSignal;
}

/** Where it throws, what was published before is untouched. @throws DataError, RefusedError, or the signal's reason */
export async function build(options: BuildOptions, watcher: Partial<BuildWatcher> = {}): Promise<BuildReport> {
  const { onStage = () => undefined, signal = new AbortController().signal } = watcher;
  onStage("find");
  const data = await findFiles(options.data);
  requireReadable(data);
  const times = eventTimes(options.data, data.periods !== undefined, options.timestamps);
  // Its threads start while this one goes on.
  const reader = readerFor(data.files, options.workers, { columnNames: options.columnNames ?? [], times });
  try {
    return await buildFrom({ data, times, reader }, options, { onStage, signal });
  } finally {
    await reader.close();
  }
}

interface Events {
  readonly data: DataFolder;
  readonly times: EventTimes | undefined;
  readonly reader: EventReader;
}

async function buildFrom(events: Events, options: BuildOptions, watcher: BuildWatcher): Promise<BuildReport> {
  const { data, times } = events;
  const { onStage, signal } = watcher;
  const { at = Date.now() } = options;
  const banners = await readBannerFolder(options);
  const publication = await beginPublication(options);
  try {
    const before = await outlinePublished(join(options.out, INDEX_FILE));
    const { counts, ...described } = await readFiles(events, banners, options, publication?.rejectsPath, watcher);
    if (counts.countEntries() === 0)
      throw new DataError(
        `${options.data}: no usable rows${outsideText(described.accounts)}: refusing to publish an empty index`,
      );
    onStage("compile");
    const clicksWithoutImpression = counts.countClicksWithoutImpression();
    const heldBack = holdBack(counts, described.banners, at);
    const compiled = compile(counts, banners.images, described.banners, {
      campaigns: described.campaigns,
      heldBack: heldBack.map(({ banner }) => banner),
      timeZone: times?.timeZone,
    });
    onStage("check");
    // Decoded as the server does, but for the checksum, which is fresh: what it would refuse is not published.
    const catalog = new Catalog(decode(compiled.parts, compiled.digest));
    verifyCells(catalog);
    if (catalog.index.counts.entries === 0)
      throw new DataError(`${options.data}: every banner is held back: refusing to publish an empty index`);
    const { accounts } = described;
    const after = outline(catalog);
    const { limits = DEFAULT_LIMITS, accept = [] } = options;
    const findings = findAll({ before, after, accounts }, limits, accept);
    onStage("report");
    const { generation } = catalog.index;
    const report = makeReport({
      ...{ generation, accounts, data, times, banners, compiled, clicksWithoutImpression, heldBack },
      mixedSizes: mixedSizes(catalog, compiled.bannersWithoutImage),
      ...{ difference: compare(before, after), findings },
    });
    const reports = { report: `${JSON.stringify(report, undefined, 2)}\n`, page: reportPage(report, catalog) };
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

async function beginPublication({ out, dryRun = false }: BuildOptions): Promise<Publication | undefined> {
  if (!dryRun) return Publication.begin(out);
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

async function readFiles(
  { data: { files, periods = 0 }, times, reader }: Events,
  banners: BannerFolder,
  { data, onBadRow, timestamps }: BuildOptions,
  rejectsPath: string | undefined,
  { onStage, signal }: BuildWatcher,
): Promise<ReadData> {
  const badRows = new BadRows();
  const rejects = new RejectLog(rejectsPath);
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
    const { counts, accounts } = await collectEvents(
      { periods: times?.periods ?? periods, files: eventFiles, reader },
      badRows,
      rejects,
    );
    const described = await readDescriptions(data, banners, counts, () => zoneOf(timestamps), badRows, rejects);
    if (onBadRow === "stop") badRows.requireNone();
    rejects.close();
    return { counts, ...described, accounts: [...accounts, ...described.accounts] };
  } finally {
    signal.removeEventListener("abort", abort);
    rejects.abandon();
    await reader.close();
  }
}

/** For less, starting threads takes longer than they save. */
const MIN_BYTES_FOR_THREADS = 1 << 20;

function readerFor(files: readonly FoundFile[], workers: number | undefined, options: ReadOptions): EventReader {
  const isLittle = files.reduce((sum, { bytes }) => sum + bytes, 0) < MIN_BYTES_FOR_THREADS;
  if (workers === undefined && isLittle) return new InlineReader(options);
  return new ReaderThreads(Math.min(workers ?? availableParallelism(), files.length), options);
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
