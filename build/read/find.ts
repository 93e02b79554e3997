/** Finds the files of a data folder in reading order, and tells equal ones by their digests. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileSize, openFile, statOf } from "../../src/options/regular-file.js";
import { DataError } from "./data-error.js";

/** In reading order: a conversion needs its click. */
export const KINDS = ["impressions", "clicks", "conversions", "statistics"] as const;
export type Kind = (typeof KINDS)[number];

const EVENT_KINDS = KINDS.filter((kind) => kind !== "statistics");

export interface FoundFile {
  readonly kind: Kind;
  readonly period: number;
  /** Below the data folder, as reports name it: `1/clicks_1.csv`. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export type SourceFile = Pick<FoundFile, "kind" | "path">;

export interface EventFile extends FoundFile {
  readonly digest: string;
  readonly duplicateOf?: EventFile;
}

export interface DataFolder {
  readonly periods: number;
  /** In order of kind, then period, then name. */
  readonly files: readonly FoundFile[];
  readonly ignored: readonly string[];
  readonly missing: readonly string[];
}

/** @throws DataError where folders are not 1 to P, or one is empty, or has both statistics and events */
export async function findFiles(folder: string): Promise<DataFolder> {
  const { periods, ignored } = await findPeriods(folder);
  const missing: string[] = [];
  const files: FoundFile[] = [];
  for (let period = 1; period <= periods; period++) {
    const found = await findPeriodFiles(join(folder, String(period)), period);
    files.push(...found.files);
    ignored.push(...found.ignored);
    const kinds = found.files.map(({ kind }) => kind);
    const absent = kinds.includes("statistics") ? [] : EVENT_KINDS.filter((kind) => !kinds.includes(kind));
    missing.push(...absent.map((kind) => `${period}/${kind}`));
  }
  return { periods, files: KINDS.flatMap((kind) => files.filter((file) => file.kind === kind)), ignored, missing };
}

export function findDuplicates(files: readonly FoundFile[], digests: readonly string[]): EventFile[] {
  const firstOf = new Map<string, EventFile>();
  return files.map((file, at) => {
    const digest = digests[at]!;
    const key = `${file.kind} ${digest}`;
    const first = firstOf.get(key);
    const made = { ...file, digest, ...(first && { duplicateOf: first }) };
    if (!first) firstOf.set(key, made);
    return made;
  });
}

async function findPeriods(folder: string): Promise<{ periods: number; ignored: string[] }> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new DataError(`${folder}: cannot be read: name the data folder with --data`, { cause: error });
  });
  const numbers: string[] = [];
  const ignored: string[] = [];
  for (const name of entries.sort()) {
    // Links are followed: a period folder may be one.
    if (/^\d+$/.test(name) && statOf(join(folder, name)).isDirectory()) numbers.push(name);
    else if (name !== "banners" && !name.startsWith(".")) ignored.push(name);
  }
  if (numbers.length === 0)
    throw new DataError(`${folder}: no period folders 1, 2, …: name the data folder with --data`);
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
  return { periods: numbers.length, ignored };
}

async function findPeriodFiles(folder: string, period: number): Promise<Pick<DataFolder, "files" | "ignored">> {
  const files: FoundFile[] = [];
  const ignored: string[] = [];
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  // By code unit, so that the order is the same in every locale.
  for (const name of names.sort()) {
    const kind = KINDS.find((kind) => name.startsWith(kind) && /\.csv$/i.test(name));
    const path = join(folder, name);
    if (kind === undefined) ignored.push(`${period}/${name}`);
    else files.push({ kind, period, name: `${period}/${name}`, path, bytes: fileSize(path) });
  }
  const statistics = files.find(({ kind }) => kind === "statistics");
  const events = files.find(({ kind }) => kind !== "statistics");
  if (statistics && events)
    throw new DataError(
      `${folder}: has ${statistics.path.slice(folder.length + 1)} and ${events.path.slice(folder.length + 1)}: ` +
        "keep the statistics of a period or its events, not both",
    );
  if (files.length === 0)
    throw new DataError(`${folder}: no files ${EVENT_KINDS.join("*.csv, ")}*.csv: put the period's events there`);
  return { files, ignored };
}

export async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { fd: openFile(path), highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
