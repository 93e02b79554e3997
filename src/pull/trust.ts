/** Loads an index only where it may be served: signed by the key that is set, and no older than what is served. */
import type { KeyObject } from "node:crypto";
import type { Index } from "../index/format.js";
import { loadIndex, LoadIndexError, readDigest } from "../index/load.js";
import { readBeside } from "./beside-index.js";
import { nextSignatureOf, previousOf, signatureOf } from "./places.js";
import { MAX_SIGNATURE_BYTES, SignatureError, verifySignature, type Signed } from "./signature.js";

export interface Trust {
  /** undefined where nothing need be signed. */
  readonly key: KeyObject | undefined;
  /** Whether a lower sequence than that of the index before may be served. */
  readonly allowOlder: boolean;
}

export interface Signature extends Signed {
  readonly text: string;
}

export interface TrustedIndex {
  readonly index: Index;
  /** undefined without a key. */
  readonly signature: Signature | undefined;
}

export interface ServedBefore {
  readonly index: Pick<Index, "generation">;
  readonly signature: Signature | undefined;
}

/** Checks a whole file, and returns undefined for the generation that is served. @throws LoadIndexError */
export type LoadIndex = (file: string, loading: { readonly served?: string }) => Promise<Index | undefined>;

/**
 * Returns undefined where the index is the one that is served, of which the header alone is read.
 * @param texts the signatures that may be its own; those beside the file where this is undefined
 * @throws LoadIndexError
 */
export async function loadTrusted(file: string, trust: Trust, texts?: readonly string[]): Promise<TrustedIndex>;
export async function loadTrusted(
  file: string,
  trust: Trust,
  texts: readonly string[] | undefined,
  served: ServedBefore | undefined,
  load?: LoadIndex,
): Promise<TrustedIndex | undefined>;
export async function loadTrusted(
  file: string,
  trust: Trust,
  texts: readonly string[] = trust.key === undefined ? [] : textsBeside(file),
  served?: ServedBefore,
  load: LoadIndex = loadIndex,
): Promise<TrustedIndex | undefined> {
  const signature = trust.key && signatureFor(file, await readDigest(file), trust.key, texts);
  if (signature !== undefined) requireNewer(file, signature, served?.signature, trust);
  const index = await load(file, served === undefined ? {} : { served: served.index.generation });
  if (index !== undefined && signature !== undefined && index.digest !== signature.digest)
    throw new LoadIndexError(`${file}: it was replaced while it was read: load it again`);
  return index && { index, signature };
}

/** @throws LoadIndexError */
export function requireNewer(
  what: string,
  { sequence }: Signed,
  before: Pick<Signed, "sequence"> | undefined,
  { allowOlder }: Trust,
): void {
  const floor = before?.sequence;
  if (allowOlder || floor === undefined || (sequence !== undefined && sequence >= floor)) return;
  const has = sequence === undefined ? "no sequence" : `the sequence ${sequence}`;
  throw new LoadIndexError(
    `${what}: its signature has ${has}, and what is served has ${floor}: sign it with a higher one, or allow older ` +
      "ones by INDEX_ALLOW_OLDER",
  );
}

/** All that lie there: a rollback, or a crash between two renames, leaves that of the index under another name. */
function textsBeside(file: string): readonly string[] {
  return [signatureOf(file), nextSignatureOf(file), signatureOf(previousOf(file))].flatMap((path) => {
    try {
      return readBeside(path, MAX_SIGNATURE_BYTES) ?? [];
    } catch (error) {
      throw new LoadIndexError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
    }
  });
}

function signatureFor(file: string, digest: string, key: KeyObject, texts: readonly string[]): Signature {
  let reason = `no signature is beside it, as ${signatureOf(file)}`;
  for (const text of texts) {
    try {
      const signed = verifySignature(text, key);
      if (signed.digest === digest) return { ...signed, text };
      reason = "its signature is for another index";
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      reason = error.message;
    }
  }
  throw new LoadIndexError(`${file}: INDEX_PUBLIC_KEY is set, and ${reason}: sign it by that key`);
}
