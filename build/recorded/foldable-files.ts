/** Chooses the files of impressions that a compaction may fold, and says of the others why it leaves them alone. */
import { printable } from "../../src/options/printable.js";
import { fileStats } from "../../src/options/regular-file.js";
import { DataError } from "../read/data-error.js";
import { findDuplicates } from "../read/duplicates.js";
import { kindOf, nameError, unpackedName } from "../read/file-name.js";
import type { FoundFile } from "../read/find.js";
import { digestOf } from "../read/source.js";
import { closedFiles, type ClosedFile } from "./closed-files.js";
import { foldFile, LATEST_MOMENT, type FoldedFile, type FoldTimes } from "./fold-file.js";

export interface LeftAlone {
  readonly path: string;
  readonly reason: string;
}

export interface Foldable {
  /** By folder, in the order of their names. */
  readonly files: ReadonlyMap<string, readonly FoundFile[]>;
  readonly leftAlone: readonly LeftAlone[];
}

const KIND = "impressions";
/** The occurrence of a moment begins less than that before it, and is 1970 or later too. */
const HOUR_MS = 3_600_000;

/** What a build would not count, or not read, must not come to count by being folded. */
export async function foldableFiles(folders: readonly string[]): Promise<Foldable> {
  const closed = folders.flatMap(closedFiles).filter(({ name }) => kindOf(name) === KIND);
  const leftAlone: LeftAlone[] = [];
  const found = closed.flatMap((file): (FoundFile & ClosedFile)[] => {
    const reason = nameError(file.name, KIND) ?? twice(file, closed);
    if (reason === undefined) {
      const { size, mtimeMs } = fileStats(file.path);
      return [{ ...file, kind: KIND, period: undefined, bytes: size, modified: mtimeMs }];
    }
    leftAlone.push({ path: file.path, reason });
    return [];
  });
  const compared = await findDuplicates(found, (likely) => Promise.resolve(likely.map(digestOf)));
  const repeated = new Set(compared.flatMap(({ path, duplicateOf }) => (duplicateOf ? [path, duplicateOf.path] : [])));
  for (const { path } of found)
    if (repeated.has(path)) leftAlone.push({ path, reason: "another file has the same bytes, which count once" });
  const files = new Map(
    folders.map((folder) => [folder, found.filter((file) => file.folder === folder && !repeated.has(file.path))]),
  );
  return { files, leftAlone };
}

function twice(file: ClosedFile, closed: readonly ClosedFile[]): string | undefined {
  const other = closed.find((each) => each !== file && unpackedName(each.name) === unpackedName(file.name));
  return other && `${printable(other.path)} has the same name: keep one of them`;
}

/** The file's sums where all its rows are before a moment; undefined if not, or why the file is to be left alone. */
export async function foldedBefore(
  file: FoundFile,
  beforeMs: number,
  times: FoldTimes,
): Promise<FoldedFile | string | undefined> {
  try {
    const folded = await foldFile(file, times);
    const { rows, malformed, earliest, latest } = folded;
    if (malformed !== undefined) return `line ${malformed.line}: ${malformed.reason}`;
    if (earliest < HOUR_MS || latest > LATEST_MOMENT) return "has times before 1970 or after 2106";
    return rows > 0 && latest < beforeMs ? folded : undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message.replace(`${file.path}:`, "").trim();
  }
}
