/** The stages of a build, in order: find, digest, read, compile, check, report, publish. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Catalog } from "../src/index/catalog.js";
import { decode } from "../src/index/format.js";
import { BadRows, type OnBadRow } from "./read/bad-rows.js";
import { readBannerTexts, type BannerTexts } from "./images/texts.js";
import { readBanners, TEXT_FILE, type BannerFolder } from "./images/folder.js";
import { checkCells } from "./check-cells.js";
import { collectEvents } from "./count/collect.js";
import { compile } from "./compile.js";
import type { EventCounts } from "./count/counters.js";
import { DataError } from "./data-error.js";
import { OwnReader, type EventReader, type ReadProgress } from "./read/event-reader.js";
import type { FileAccount } from "./count/account.js";
import { findDuplicates, findFiles, type FoundFile } from "./read/find.js";
import { Publication } from "./write/publish.js";
import { ReaderThreads } from "./read/reader-threads.js";
import { RejectLog } from "./count/rejects.js";
import { reportPage } from "./report/page.js";
import { makeReport, type BuildReport } from "./report/report.js";

export interface BuildOptions {
  readonly data: string;
  /** undefined where the data come without images. */
  readonly banners: string | undefined;
  readonly out: string;
  readonly onBadRow: OnBadRow;
  /** Threads that read; undefined for as many as the machine has cores, or none where there is little to read. */
  readonly workers?: number | undefined;
}

export type Stage = "find" | "digest" | "read" | "compile" | "check" | "report" | "publish";

/** Told when a stage begins, and while rows are read, where to ask how far that has come of how many bytes. */
export type OnStage = (stage: Stage, progress?: () => ReadProgress, bytes?: number) => void;

/** Who looks on, and may have a build end before it publishes. */
export interface BuildWatcher {
  readonly onStage: OnStage;
  readonly signal: AbortSignal;
}

/**
 * Builds and publishes an index. Where it throws, what was published before is as it was.
 * @throws DataError for data that no index can be made of, or the reason of the signal where it is aborted
 */
export async function build(options: BuildOptions, watcher: Partial<BuildWatcher> = {}): Promise<BuildReport> {
  const { onStage = () => undefined, signal = new AbortController().signal } = watcher;
  onStage("find");
  const data = await findFiles(options.data);
  const banners = await readBannerFolder(options);
  const publication = await Publication.begin(options.out);
  try {
    const { counts, accounts, texts } = await readFiles(data, banners, options, publication.rejectsPath, {
      onStage,
      signal,
    });
    if (counts.countEntries() === 0)
      throw new DataError(`${options.data}: no row that counts: an index of nothing would take every campaign off`);
    onStage("compile");
    const compiled = compile(counts, banners.images, texts);
    onStage("check");
    // Read back as the server will read it: what it would refuse is not published.
    const catalog = new Catalog(decode(compiled.bytes));
    checkCells(catalog);
    onStage("report");
    const clicksWithoutImpression = counts.countClicksWithoutImpression();
    const { generation } = catalog.index;
    const report = makeReport({ generation, accounts, data, banners, compiled, clicksWithoutImpression });
    const reports = { report: `${JSON.stringify(report, undefined, 2)}\n`, page: reportPage(report, catalog) };
    signal.throwIfAborted();
    onStage("publish");
    await publication.publish({ index: compiled.bytes, ...reports });
    return report;
  } finally {
    await publication.end();
  }
}

interface ReadData {
  readonly counts: EventCounts;
  readonly accounts: readonly FileAccount[];
  /** Undefined where there is no `banners.csv`. */
  readonly texts: BannerTexts["texts"] | undefined;
}

async function readFiles(
  { files, periods }: { files: readonly FoundFile[]; periods: number },
  banners: BannerFolder,
  { onBadRow, workers }: BuildOptions,
  rejectsPath: string,
  { onStage, signal }: BuildWatcher,
): Promise<ReadData> {
  const badRows = new BadRows();
  const rejects = new RejectLog(rejectsPath);
  const reader = readerFor(files, workers);
  const abort = (): void => {
    reader.abort(signal.reason as Error);
  };
  signal.addEventListener("abort", abort);
  try {
    onStage("digest");
    const eventFiles = findDuplicates(files, await reader.digest(files));
    const unread = eventFiles.filter(({ duplicateOf }) => duplicateOf === undefined);
    const bytes = unread.reduce((sum, file) => sum + file.bytes, 0);
    onStage("read", () => reader.progress(), bytes);
    const { counts, accounts } = await collectEvents({ periods, files: eventFiles, reader }, badRows, rejects);
    const read = await readTexts(banners, counts.bannerIds, badRows, rejects);
    if (onBadRow === "stop") badRows.requireNone();
    rejects.close();
    return { counts, accounts: read ? [...accounts, read.account] : accounts, texts: read?.texts };
  } finally {
    signal.removeEventListener("abort", abort);
    rejects.abandon();
    await reader.close();
  }
}

async function readTexts(
  { name, textFile, images }: BannerFolder,
  bannerIds: Iterable<number>,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<BannerTexts | undefined> {
  if (textFile === undefined) return undefined;
  const file = { path: textFile, name: `${name}/${TEXT_FILE}` };
  return readBannerTexts(file, new Set([...bannerIds, ...images.keys()]), badRows, rejects);
}

/** Bytes below which starting threads takes longer than they save. */
const LITTLE = 1 << 20;

function readerFor(files: readonly FoundFile[], workers: number | undefined): EventReader {
  const isLittle = files.reduce((sum, { bytes }) => sum + bytes, 0) < LITTLE;
  if (workers === undefined && isLittle) return new OwnReader();
  return new ReaderThreads(Math.min(workers ?? availableParallelism(), files.length));
}

async function readBannerFolder({ banners, onBadRow }: BuildOptions): Promise<BannerFolder> {
  if (banners === undefined) return { name: "", images: new Map(), unreadable: [], ignored: [] };
  const folder = await readBanners(banners);
  const [bad] = folder.unreadable;
  if (bad !== undefined && onBadRow === "stop")
    throw new DataError(
      `${join(banners, bad.file)}: ${bad.reason}: mend it, or have a placeholder drawn with --on-bad-row reject`,
    );
  return folder;
}
