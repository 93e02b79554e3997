/** Puts an index that was brought, checked and flushed in its place on the disk, so that a crash leaves a whole one. */
import { readdir, rename, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { flushFolder, linkOrCopy } from "../index/durable-files.js";
import { LoadIndexError, readDigest } from "../index/load.js";
import { lockFolder } from "../index/lock/folder-lock.js";
import { makeFolder } from "../options/make-folder.js";
import { replaceFlushed, requireReplaceable } from "../options/regular-file.js";
import type { Signature } from "./trust.js";
import { nextSignatureOf, previousOf, signatureOf } from "./places.js";

export interface Arrived {
  readonly path: string;
  readonly digest: string;
  /** Of the signature, where a key is set. */
  readonly signature: string | undefined;
}

export interface IndexBefore {
  readonly signature: { readonly text: string } | undefined;
}

/** A new name in the folder of the index, which no other pull and no build uses. */
export function temporaryFor(file: string): string {
  return `${file}.pull-${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** To be called before the first pull of this process. @throws LoadIndexError */
export async function makeRoom(file: string): Promise<void> {
  try {
    makeFolder(dirname(file));
    // Else each index would be brought and loaded, and could not be put there.
    requireReplaceable(file);
    await removeLeftovers(file);
  } catch (error) {
    const { message } = error as Error;
    throw new LoadIndexError(`${file}: nothing can be put in place there: ${message}`, { cause: error });
  }
}

/** What cannot be removed, as in a folder that is read-only by now, is removed at the next start. */
export async function removeArrived(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

/** Removes what pulls of this file left that were killed. */
async function removeLeftovers(file: string): Promise<void> {
  const folder = dirname(file);
  const previous = previousOf(file);
  for (const name of await readdir(folder)) {
    const [, of = "", pid] = /^(.+)\.pull-(\d+)-[0-9a-f]{8}$/.exec(name) ?? [];
    if (of !== basename(file) && of !== basename(previous)) continue;
    // One with our own id is of a process before us.
    if (Number(pid) === process.pid || !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * The index before stays as the previous one. Its folder is locked meanwhile, as for a build.
 * @param before undefined where what is in the place is no good index, which would push a good previous one out
 * @throws FolderBusyError where a build runs there, FileError, and the system's errors; the index before stays then
 */
export async function putInPlace(
  { path, digest, signature }: Arrived,
  file: string,
  before: IndexBefore | undefined,
): Promise<void> {
  const folder = dirname(file);
  const previous = previousOf(file);
  const lock = await lockFolder(folder);
  try {
    for (const name of [file, previous, signatureOf(file)]) requireReplaceable(name);
    // Tried beside the old one at each load, so that whichever index a crash leaves has its own.
    if (signature !== undefined) replaceFlushed(nextSignatureOf(file), signature);
    const there = before && (await digestAt(file));
    // The same index must not become its own previous one.
    if (there !== undefined && there !== digest) await keepPrevious(file, previous, before?.signature?.text);
    await flushFolder(folder);
    await rename(path, file);
    if (signature !== undefined) await rename(nextSignatureOf(file), signatureOf(file));
    await flushFolder(folder);
  } finally {
    await lock.release();
  }
}

/** Gives the index there a newer signature of its own. @throws FolderBusyError, and the system's errors */
export async function renewSignature(file: string, { digest, text }: Signature): Promise<void> {
  const lock = await lockFolder(dirname(file));
  try {
    if ((await digestAt(file)) === digest) replaceFlushed(signatureOf(file), text);
  } finally {
    await lock.release();
  }
}

async function keepPrevious(file: string, previous: string, current: string | undefined): Promise<void> {
  const beside = temporaryFor(previous);
  await linkOrCopy(file, beside);
  await rename(beside, previous);
  if (current !== undefined) replaceFlushed(signatureOf(previous), current);
}

/** undefined where there is no index, or nothing that is one. */
async function digestAt(file: string): Promise<string | undefined> {
  try {
    return await readDigest(file);
  } catch (error) {
    if (error instanceof LoadIndexError) return undefined;
    throw error;
  }
}
