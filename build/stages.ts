/** The stages of a build, in order: find, read, rank and compile, write. */
import { basename, join } from "node:path";
import { decode } from "../src/index-format.js";
import { readBanners, type BannerFolder } from "./banners.js";
import { collectEvents, type OnBadRow } from "./collect-events.js";
import { compile } from "./compile.js";
import { DataError } from "./data-error.js";
import { findFiles } from "./find-files.js";
import { INDEX_FILE, Publication, REJECTS_FILE } from "./publish.js";
import { RejectLog } from "./rejects.js";
import type { BuildReport } from "./report.js";

export interface BuildOptions {
  readonly data: string;
  /** undefined where the data come without images. */
  readonly banners: string | undefined;
  readonly out: string;
  readonly onBadRow: OnBadRow;
}

/**
 * Builds and publishes an index. Where it throws, what was published before is as it was.
 * @throws DataError for data that no index can be made of
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const start = performance.now();
  const data = await findFiles(options.data);
  const folder = await readBannerFolder(options);
  const publication = await Publication.begin(options.out);
  try {
    const rejects = new RejectLog(publication.rejectsPath);
    const { counts, accounts } = await collectEvents(data, options.onBadRow, rejects).finally(() => {
      rejects.close();
    });
    if (accounts.every((account) => account.used === 0))
      throw new DataError(`${options.data}: no row that counts: an index of nothing would take every campaign off`);
    const { bytes, cellsByRule, bannersWithoutImage } = compile(counts, folder.images);
    // Read back as the server will read it: what it would refuse is not published.
    const { generation } = decode(bytes);
    await publication.publish(bytes);
    return {
      accounts,
      clicksWithoutImpression: counts.countClicksWithoutImpression(),
      cellsByRule,
      bannersWithoutImage,
      unreadableImages: folder.unreadable.map(({ file }) => file),
      ignoredFiles: [...data.ignored, ...folder.ignored.map((name) => join(basename(options.banners ?? ""), name))],
      missingKinds: data.missing,
      indexPath: join(options.out, INDEX_FILE),
      rejectsPath: join(options.out, REJECTS_FILE),
      byteLength: bytes.length,
      generation,
      milliseconds: performance.now() - start,
    };
  } finally {
    await publication.end();
  }
}

async function readBannerFolder({ banners, onBadRow }: BuildOptions): Promise<BannerFolder> {
  if (banners === undefined) return { images: new Map(), unreadable: [], ignored: [] };
  const folder = await readBanners(banners);
  const [bad] = folder.unreadable;
  if (bad !== undefined && onBadRow === "stop")
    throw new DataError(
      `${join(banners, bad.file)}: ${bad.reason}: mend it, or have a placeholder drawn with --on-bad-row reject`,
    );
  return folder;
}
