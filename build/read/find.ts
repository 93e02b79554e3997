/** Finds the files of a data folder in reading order. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileStats, statOf } from "../../src/options/regular-file.js";
import { countedNames } from "./counted-names.js";
import { DataError } from "./data-error.js";
import { EVENT_KINDS, isNamed, kindOf, KINDS, nameError, unpackedName, type Kind } from "./file-name.js";
import type { FoundBytes } from "./source.js";

export type { Kind };

/** Beside the period folders: as `campaigns.csv`, or in another of the ways to write a file. */
export const LISTS = ["campaigns", "placements"] as const;
export type List = (typeof LISTS)[number];

export interface FoundList {
  readonly path: string;
  /** As reports name it. */
  readonly name: string;
}

/** Each is undefined where there is none. */
export type FoundLists = Readonly<Partial<Record<List, FoundList>>>;

export interface SourceFile extends FoundBytes {
  readonly kind: Kind;
}

export interface FoundFile extends SourceFile {
  /** Undefined where each row has its time. */
  readonly period: number | undefined;
  /** Below the data folder, as reports name it: `1/clicks_1.csv`. */
  readonly name: string;
  readonly bytes: number;
}

export interface UnreadableFile {
  readonly path: string;
  readonly reason: string;
}

/** In order of kind, then period, then name, once those of all periods are put together. */
export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** Named as a kind, and not to be read as one. */
  readonly unreadable: readonly UnreadableFile[];
  readonly ignored: readonly string[];
}

export interface DataFolder extends FoundFiles {
  /** Undefined where the files lie in no period folders: then each row has its time. */
  readonly periods: number | undefined;
  readonly missing: readonly string[];
  readonly lists: FoundLists;
}

/** @throws DataError where folders are not 1 to P, or one is empty, or has both statistics and events */
export async function findFiles(folder: string): Promise<DataFolder> {
  const { periods, isTimed, unreadable, ignored, lists } = await findPeriods(folder);
  if (isTimed) return { ...findTimedFiles(folder), ignored, lists };
  const missing: string[] = [];
  const files: FoundFile[] = [];
  for (let period = 1; period <= periods; period++) {
    const found = findFolderFiles(join(folder, String(period)), period, `${period}/`);
    files.push(...found.files);
    unreadable.push(...found.unreadable);
    ignored.push(...found.ignored);
    missing.push(...missingKinds(found).map((kind) => `${period}/${kind}`));
  }
  return { periods, files: inOrder(files), unreadable, ignored, missing, lists };
}

/** @throws DataError for statistics, which have no time */
function findTimedFiles(folder: string): Omit<DataFolder, "ignored" | "lists"> {
  const { files, unreadable } = findFolderFiles(folder, undefined, "");
  const statistics = files.find(({ kind }) => kind === "statistics");
  if (statistics !== undefined)
    throw new DataError(
      `${statistics.path}: statistics have no time that tells their period: put them into its folder, such as ${join(folder, "1")}`,
    );
  return { periods: undefined, files: inOrder(files), unreadable, missing: missingKinds({ files }) };
}

function inOrder(files: readonly FoundFile[]): readonly FoundFile[] {
  return KINDS.flatMap((kind) => files.filter((file) => file.kind === kind));
}

function missingKinds({ files }: Pick<FoundFiles, "files">): readonly Kind[] {
  const kinds = files.map(({ kind }) => kind);
  return kinds.includes("statistics") ? [] : EVENT_KINDS.filter((kind) => !kinds.includes(kind));
}

/** @throws DataError for the first file that is named as a kind and cannot be read as one */
export function requireReadable({ unreadable: [first] }: FoundFiles): void {
  if (first !== undefined) throw new DataError(`${first.path}: ${first.reason}`);
}

interface FoundPeriods {
  readonly periods: number;
  readonly isTimed: boolean;
  readonly unreadable: UnreadableFile[];
  readonly ignored: string[];
  readonly lists: FoundLists;
}

async function findPeriods(folder: string): Promise<FoundPeriods> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new DataError(`${folder}: cannot be read: name the data folder with --data`, { cause: error });
  });
  const numbers: string[] = [];
  const unreadable: UnreadableFile[] = [];
  const ignored: string[] = [];
  const lists: Partial<Record<List, FoundList>> = {};
  for (const name of entries.sort()) {
    const path = join(folder, name);
    const kind = kindOf(name);
    const list = listOf(name);
    // Links are followed: a period folder may be one.
    if (/^\d+$/.test(name) && statOf(path).isDirectory()) numbers.push(name);
    else if (kind !== undefined)
      unreadable.push({ path, reason: `is named as ${kind}, beside the period folders: move it into one of them` });
    else if (list !== undefined) {
      requireList(folder, list, name, lists[list]?.name);
      lists[list] = { path, name };
    } else if (name !== "banners" && !name.startsWith(".")) ignored.push(name);
  }
  if (numbers.length === 0 && unreadable.length === 0)
    throw new DataError(
      `${folder}: no period folders 1, 2, …, and no files ${EVENT_KINDS.join("*.csv, ")}*.csv: name the data folder with --data`,
    );
  if (numbers.length === 0) return { periods: 0, isTimed: true, unreadable, ignored, lists };
  for (let period = 1; period <= numbers.length; period++)
    if (!numbers.includes(String(period)))
      throw new DataError(
        `${folder}: folders ${numbers.sort((a, b) => Number(a) - Number(b)).join(", ")} where periods 1 to ${numbers.length} were expected: ` +
          "number them from 1 without gaps",
      );
  if (60 % numbers.length !== 0)
    throw new DataError(
      `${folder}: ${numbers.length} period folders: their number must divide 60, the minutes of an hour`,
    );
  return { periods: numbers.length, isTimed: false, unreadable, ignored, lists };
}

function listOf(name: string): List | undefined {
  return LISTS.find((list) => isNamed(name, list));
}

/** @throws DataError where it cannot be unpacked, or there is one already, of which either may be the older */
function requireList(folder: string, list: List, name: string, other: string | undefined): void {
  const error = nameError(name, list);
  if (error !== undefined) throw new DataError(`${join(folder, name)}: ${error}`);
  if (other !== undefined) throw new DataError(`${folder}: has ${other} and ${name}: keep one of them`);
}

/** @throws DataError where there is none, or statistics beside events, or one file twice */
export function findFolderFiles(folder: string, period: number | undefined, prefix: string): FoundFiles {
  const files: FoundFile[] = [];
  const unreadable: UnreadableFile[] = [];
  const ignored: string[] = [];
  for (const name of countedNames(folder)) {
    const kind = kindOf(name);
    const path = join(folder, name);
    const reason = kind && nameError(name, kind);
    if (kind === undefined) ignored.push(`${prefix}${name}`);
    else if (reason !== undefined) unreadable.push({ path, reason });
    else {
      const { size, mtimeMs } = fileStats(path);
      files.push({ kind, period, name: `${prefix}${name}`, path, bytes: size, modified: mtimeMs });
    }
  }
  const baseOf = ({ path }: FoundFile): string => path.slice(folder.length + 1);
  const statistics = files.find(({ kind }) => kind === "statistics");
  const events = files.find(({ kind }) => kind !== "statistics");
  if (statistics && events)
    throw new DataError(
      `${folder}: has ${baseOf(statistics)} and ${baseOf(events)}: keep the statistics of a period or its events, not both`,
    );
  requireUnpackedOnce(folder, files.map(baseOf));
  if (files.length + unreadable.length === 0)
    throw new DataError(`${folder}: no files ${EVENT_KINDS.join("*.csv, ")}*.csv: put the period's events there`);
  return { files, unreadable, ignored };
}

/** A file that is packed and still there has every row twice. */
function requireUnpackedOnce(folder: string, names: readonly string[]): void {
  const nameOf = new Map<string, string>();
  for (const name of names) {
    const other = nameOf.get(unpackedName(name));
    if (other !== undefined)
      throw new DataError(`${folder}: has ${other} and ${name}: keep one of them, or name them apart`);
    nameOf.set(unpackedName(name), name);
  }
}
