/** Brings an index into a file: conditionally, within bounds, and from where a transfer before it was cut. */
import { constants, open, rm, type FileHandle } from "node:fs/promises";
import { HEADER_LENGTH, IndexFormatError, readBeginning, type Beginning } from "../index/format.js";
import { collectPieces } from "../index/memory.js";
import { removeArrived } from "./put-in-place.js";
import { reasonOf, SourceError, type IndexSource, type RequestHeaders } from "./source.js";
import { StallWatch } from "./stall-watch.js";

/** The source has something, and it must not be served. */
export class RefusedIndexError extends Error {
  override readonly name = "RefusedIndexError";
}

/** By which a source tells one content from another: the ETag, or else the time, by its own clock. */
export interface Validators {
  readonly etag?: string;
  readonly lastModified?: string;
}

/** An index that need not be brought. */
export interface Known {
  readonly digest: string;
  readonly validators?: Validators | undefined;
}

export interface Brought {
  readonly path: string;
  readonly digest: string;
  readonly bytes: number;
  readonly validators: Validators;
}

/** `known` is the digest of one that need not be brought, undefined where the source says so without naming it. */
export type Answer =
  | { readonly known: string | undefined; readonly validators: Validators; readonly brought?: never }
  | { readonly known?: never; readonly brought: Brought };

export interface Bounds {
  readonly maxBytes: number;
  /** Without a byte for so long, a transfer is given up. */
  readonly stallMs: number;
}

interface Partial {
  readonly validators: Validators;
  readonly beginning: Beginning;
  bytes: number;
  collectedAt: number;
}

/** In bytes. */
const COLLECT_EVERY = 2 ** 23;

export class Transfer {
  readonly #source: IndexSource;
  readonly #bounds: Bounds;
  readonly #onBytes: (bytes: number) => void;
  readonly path: string;
  #partial: Partial | undefined;

  /** @param path of a file that nobody else writes; what is there is replaced */
  constructor(source: IndexSource, path: string, bounds: Bounds, onBytes: (bytes: number) => void) {
    this.#source = source;
    this.path = path;
    this.#bounds = bounds;
    this.#onBytes = onBytes;
  }

  /**
   * @param known the first is the one whose validators are sent
   * @param expected the digest that a signature names
   * @throws SourceError, RefusedIndexError, and the system's errors; the next call goes on from what came, where it can
   */
  async attempt(known: readonly Known[], expected: string | undefined, signal: AbortSignal): Promise<Answer> {
    const digest = this.#partial?.beginning.digest;
    const isWanted = (expected ?? digest) === digest && !known.some((one) => one.digest === digest);
    if (digest !== undefined && !isWanted) await this.discard();
    const watch = new StallWatch(this.#bounds.stallMs, signal);
    try {
      const headers = this.#partial === undefined ? conditions(known[0]?.validators) : rangeOf(this.#partial);
      const response = await this.#source.get("", headers, watch.signal);
      watch.heard();
      const validators = validatorsOf(response);
      if (response.status === 304 && this.#partial === undefined && known[0]?.validators !== undefined)
        return { known: known[0].digest, validators: known[0].validators };
      await this.#requireBody(response, validators);
      return await this.#receive(response, validators, { known, expected, watch });
    } catch (error) {
      const { partial, isLost } = this.#fateOf(error);
      if (isLost) await this.discard();
      else this.#partial = partial;
      throw watch.explained(error, this.#source.shown);
    } finally {
      watch.end();
    }
  }

  async discard(): Promise<void> {
    this.#partial = undefined;
    await removeArrived(this.path);
  }

  /** What came stays where the same content can be asked for again, and nothing but the way has failed. */
  #fateOf(error: unknown): { partial: Partial | undefined; isLost: boolean } {
    const partial = this.#partial;
    const isWay = error instanceof SourceError || error instanceof CutError || isAbort(error);
    const isLost = !isWay || partial === undefined || rangeOf(partial)["If-Range"] === undefined;
    return { partial, isLost };
  }

  async #requireBody(response: Response, validators: Validators): Promise<void> {
    const { status } = response;
    const partial = this.#partial;
    const { shown } = this.#source;
    const drop = async (reason: string): Promise<never> => {
      await response.body?.cancel();
      throw new SourceError(`${shown}: ${reason}`);
    };
    if (status === 206 && partial !== undefined) {
      const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
      const isRest = Number(start) === partial.bytes && Number(total) === partial.beginning.length;
      if (isRest && isSame(validators, partial.validators)) return;
      this.#partial = undefined;
      await drop("it sent another part than was asked for");
    }
    // What has come is nothing any more: it may all have come, or the content is another.
    if (status === 416) this.#partial = undefined;
    if (status !== 200) await drop(`it answers ${status}${hintFor(status)}`);
    this.#partial = undefined;
  }

  async #receive(response: Response, validators: Validators, { known, expected, watch }: Receiving): Promise<Answer> {
    const { shown } = this.#source;
    const encoding = response.headers.get("content-encoding") ?? "identity";
    if (encoding !== "identity") {
      await response.body?.cancel();
      throw new RefusedIndexError(`${shown}: it is compressed on the way (${encoding}), though that was not asked for`);
    }
    const reader = response.body?.getReader();
    let handle: FileHandle | undefined;
    let begun: Uint8Array = new Uint8Array();
    try {
      for (;;) {
        const piece = await read(reader, shown);
        watch.heard();
        if (piece === undefined) break;
        this.#onBytes(piece.length);
        let bytes = piece;
        if (this.#partial === undefined) {
          begun = joined(begun, piece);
          if (begun.length < HEADER_LENGTH) continue;
          const beginning = this.#begin(begun, response);
          const { digest } = beginning;
          // Before what is expected: a publisher's signature is there before its index.
          if (known.some((one) => one.digest === digest)) return { known: digest, validators };
          if (expected !== undefined && digest !== expected)
            throw new RefusedIndexError(`${shown}: its signature is for another index: it was not made for this one`);
          this.#partial = { validators, beginning, bytes: 0, collectedAt: 0 };
          bytes = begun;
        }
        handle ??= await this.#open(this.#partial.bytes);
        await this.#write(handle, bytes, this.#partial);
      }
      return await this.#finish(handle, begun);
    } finally {
      // Also of one that is refused, or known: no more of it is wanted.
      await reader?.cancel().catch(() => undefined);
      await handle?.close();
    }
  }

  #begin(start: Uint8Array, response: Response): Beginning {
    const { shown } = this.#source;
    let beginning;
    try {
      beginning = readBeginning(start);
    } catch (error) {
      if (!(error instanceof IndexFormatError)) throw error;
      throw new RefusedIndexError(`${shown}: ${error.message}`, { cause: error });
    }
    const { length } = beginning;
    const { maxBytes } = this.#bounds;
    if (length > maxBytes)
      throw new RefusedIndexError(`${shown}: it has ${length} bytes, and INDEX_MAX_BYTES allows ${maxBytes}`);
    const sent = response.headers.get("content-length");
    if (sent !== null && Number(sent) !== length)
      throw new RefusedIndexError(`${shown}: ${sent} bytes are sent of an index that has ${length}`);
    return beginning;
  }

  /** Where another has taken the file away, or a part of it, the end shows it. */
  async #open(at: number): Promise<FileHandle> {
    if (at > 0) return open(this.path, constants.O_WRONLY | constants.O_NOFOLLOW);
    await rm(this.path, { force: true });
    return open(this.path, "wx");
  }

  async #write(handle: FileHandle, bytes: Uint8Array, partial: Partial): Promise<void> {
    if (partial.bytes + bytes.length > partial.beginning.length)
      throw new RefusedIndexError(
        `${this.#source.shown}: more is sent than the ${partial.beginning.length} bytes that it has`,
      );
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, partial.bytes);
      at += bytesWritten;
      partial.bytes += bytesWritten;
    }
    if (partial.bytes - partial.collectedAt < COLLECT_EVERY) return;
    collectPieces();
    partial.collectedAt = partial.bytes;
  }

  async #finish(handle: FileHandle | undefined, begun: Uint8Array): Promise<Answer> {
    const { shown } = this.#source;
    const partial = this.#partial;
    if (partial === undefined)
      throw new RefusedIndexError(
        `${shown}: ${begun.length} bytes are no index, whose header alone has ${HEADER_LENGTH}`,
      );
    const { bytes, beginning, validators } = partial;
    if (bytes < beginning.length) throw new CutError(`${shown}: cut after ${bytes} of ${beginning.length} bytes`);
    await handle!.sync();
    this.#partial = undefined;
    return { brought: { path: this.path, digest: beginning.digest, bytes, validators } };
  }
}

interface Receiving {
  readonly known: readonly Known[];
  readonly expected: string | undefined;
  readonly watch: StallWatch;
}

class CutError extends SourceError {}

/** Also where the time that a signal gives is over. */
const isAbort = (error: unknown): boolean =>
  error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name);

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function read(reader: Reader | undefined, shown: string): Promise<Uint8Array | undefined> {
  try {
    return (await reader?.read())?.value;
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new CutError(`${shown}: cut on the way: ${reasonOf(error)}`, { cause: error });
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  return first.length === 0 ? second : Buffer.concat([first, second]);
}

function conditions({ etag, lastModified }: Validators = {}): RequestHeaders {
  if (etag !== undefined) return { "If-None-Match": etag };
  return lastModified === undefined ? {} : { "If-Modified-Since": lastModified };
}

/** A weak ETag names no bytes: what has come is not gone on with. */
function rangeOf({ bytes, validators: { etag, lastModified } }: Partial): RequestHeaders {
  const validator = etag?.startsWith("W/") === true ? undefined : (etag ?? lastModified);
  return { Range: `bytes=${bytes}-`, ...(validator !== undefined && { "If-Range": validator }) };
}

/** A time counts seconds, so that within its own second the content may still be replaced under the same time. */
function validatorsOf({ headers }: Response): Validators {
  const etag = headers.get("etag");
  // Some stores compare the time although an ETag is sent, against RFC 9110: they are not sent both.
  if (etag !== null) return { etag };
  const lastModified = headers.get("last-modified");
  if (lastModified === null) return {};
  const age = Date.parse(headers.get("date") ?? "") - Date.parse(lastModified);
  return age >= 1000 ? { lastModified } : {};
}

/** A part need not repeat the time. */
function isSame(of: Validators, before: Validators): boolean {
  if (before.etag !== undefined) return of.etag === before.etag;
  return of.lastModified === undefined || of.lastModified === before.lastModified;
}

function hintFor(status: number): string {
  if (status === 401 || status === 403) return ": INDEX_TOKEN, or the keys of the store, do not open it";
  return status === 404 ? ": nothing is there" : "";
}
