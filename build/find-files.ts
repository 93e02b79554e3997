/** The data folder to the event files, in reading order. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "./data-error.js";

/** In the order in which they are read: a conversion needs its click. */
export const KINDS = ["impressions", "clicks", "conversions"] as const;
export type Kind = (typeof KINDS)[number];

export interface EventFile {
  readonly kind: Kind;
  readonly period: number;
  /** Below the data folder, as complaints and reports name it: `1/clicks_1.csv`. */
  readonly name: string;
  readonly path: string;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** The earlier file of this kind that has the same bytes. */
  readonly duplicateOf?: EventFile;
}

export interface DataFolder {
  /** P. */
  readonly periods: number;
  /** In order of kind, then period, then name. */
  readonly files: readonly EventFile[];
  /** What else lies in the data folder and its period folders, and is not read. */
  readonly ignored: readonly string[];
  /** Kinds that a period has no file of: `2/conversions`. */
  readonly missing: readonly string[];
}

/** @throws DataError where the folders are not 1 to P without gaps, or one is empty */
export async function findFiles(folder: string): Promise<DataFolder> {
  const { periods, ignored } = await findPeriods(folder);
  const missing: string[] = [];
  const files: EventFile[] = [];
  const found: Omit<EventFile, "digest">[] = [];
  for (let period = 1; period <= periods; period++) {
    const names = (await readdir(join(folder, String(period)))).filter((name) => !name.startsWith("."));
    // By code unit, so that the order is the same in every locale.
    for (const name of names.sort()) {
      const kind = KINDS.find((kind) => name.startsWith(kind) && /\.csv$/i.test(name));
      if (kind === undefined) ignored.push(`${period}/${name}`);
      else found.push({ kind, period, name: `${period}/${name}`, path: join(folder, String(period), name) });
    }
    const without = KINDS.filter((kind) => !found.some((file) => file.period === period && file.kind === kind));
    if (without.length === KINDS.length)
      throw new DataError(
        `${join(folder, String(period))}: no files ${KINDS.join("*.csv, ")}*.csv: put the period's events there`,
      );
    missing.push(...without.map((kind) => `${period}/${kind}`));
  }
  for (const kind of KINDS) {
    const firstOf = new Map<string, EventFile>();
    for (const each of found) {
      if (each.kind !== kind) continue;
      const digest = await digestOf(each.path);
      const earlier = firstOf.get(digest);
      const file = { ...each, digest, ...(earlier && { duplicateOf: earlier }) };
      if (earlier === undefined) firstOf.set(digest, file);
      files.push(file);
    }
  }
  return { periods, files, ignored, missing };
}

/** How many period folders there are, and what lies beside them. */
async function findPeriods(folder: string): Promise<{ periods: number; ignored: string[] }> {
  const entries = await readdir(folder).catch((error: unknown) => {
    throw new DataError(`${folder}: cannot be read: name the data folder with --data`, { cause: error });
  });
  const numbers: string[] = [];
  const ignored: string[] = [];
  for (const name of entries.sort()) {
    // Not the entry's own type: a period folder may be a link to one.
    if (/^\d+$/.test(name) && (await stat(join(folder, name))).isDirectory()) numbers.push(name);
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

async function digestOf(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new DataError(`${path}: expected a file: rename it, or put it elsewhere`);
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}
