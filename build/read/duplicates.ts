/** Tells which files have the bytes of an earlier one of their kind. */
import type { FoundFile, Kind } from "./find.js";

export interface EventFile extends FoundFile {
  readonly duplicateOf?: EventFile;
}

/** Their rows have no id, so that those of another period repeat nothing. */
const COUNTED_BY_PERIOD: readonly Kind[] = ["impressions", "statistics"];

/** Takes digests of files of equal size only: others have other bytes. */
export async function findDuplicates(
  files: readonly FoundFile[],
  digestsOf: (files: readonly FoundFile[]) => Promise<readonly string[]>,
): Promise<EventFile[]> {
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(sizeKey(file), (sizes.get(sizeKey(file)) ?? 0) + 1);
  const likely = files.filter((file) => sizes.get(sizeKey(file))! > 1);
  const digests = new Map<FoundFile, string>();
  (likely.length > 0 ? await digestsOf(likely) : []).forEach((digest, at) => digests.set(likely[at]!, digest));
  const firstOf = new Map<string, EventFile>();
  return files.map((found): EventFile => {
    const digest = digests.get(found);
    if (digest === undefined) return found;
    const key = `${sizeKey(found)} ${digest}`;
    const first = firstOf.get(key);
    const file = { ...found, digest, ...(first && { duplicateOf: first }) };
    if (!first) firstOf.set(key, file);
    return file;
  });
}

function sizeKey({ kind, period, bytes }: FoundFile): string {
  return `${kind} ${COUNTED_BY_PERIOD.includes(kind) ? period : "any"} ${bytes}`;
}
