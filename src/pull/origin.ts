/** Says where a reload takes an index from: the disk, or what was brought and is put there once all is well. */
import { basename } from "node:path";
import { IndexFormatError } from "../index/format-error.js";
import { LoadIndexError } from "../index/load.js";
import { putInPlace, type Arrived, type IndexBefore } from "./put-in-place.js";
import { loadTrusted, type LoadIndex, type ServedBefore, type Trust, type TrustedIndex } from "./trust.js";

export interface Origin {
  /** Undefined where it is the one that is served. @throws LoadIndexError */
  load(served: ServedBefore | undefined): Promise<TrustedIndex | undefined>;
  /** Resolves when what was loaded may be served. @throws LoadIndexError */
  settle(before: IndexBefore | undefined): Promise<void>;
}

export function onDisk(file: string, trust: Trust): Origin {
  return {
    load: (served) => loadTrusted(file, trust, undefined, served),
    settle: () => Promise.resolve(),
  };
}

/** Workers take a loaded index in less; one that dies once they have it is restarted after the moment. */
const PREPARATION_MS = 500;

export class ArrivedIndex implements Origin {
  readonly #arrived: Arrived;
  readonly #file: string;
  readonly #trust: Trust;
  readonly #shown: string;
  readonly #moment: (beforeMs: number) => Promise<void>;
  #isMisplaced = false;

  /** @param moment resolves so long before it may be served; rejects where it will not be */
  constructor(
    arrived: Arrived,
    { file, trust, shown }: { readonly file: string; readonly trust: Trust; readonly shown: string },
    moment: (beforeMs: number) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#arrived = arrived;
    this.#file = file;
    this.#trust = trust;
    this.#shown = shown;
    this.#moment = moment;
  }

  /** Whether it is sound, and could not be put in its place. */
  get isMisplaced(): boolean {
    return this.#isMisplaced;
  }

  async load(served: ServedBefore | undefined, load?: LoadIndex): Promise<TrustedIndex | undefined> {
    const { path, signature } = this.#arrived;
    try {
      const loaded = await loadTrusted(path, this.#trust, signature === undefined ? [] : [signature], served, load);
      await this.#moment(PREPARATION_MS);
      return loaded;
    } catch (error) {
      const cause = error instanceof LoadIndexError ? error.cause : undefined;
      // To build it anew helps where it comes from, and the temporary file says nothing to anybody.
      if (cause instanceof IndexFormatError) throw new LoadIndexError(`${this.#shown}: ${cause.message}`, { cause });
      throw error;
    }
  }

  async settle(before: IndexBefore | undefined): Promise<void> {
    await this.#moment(0);
    try {
      await putInPlace(this.#arrived, this.#file, before);
    } catch (error) {
      this.#isMisplaced = true;
      const { message } = error as Error;
      throw new LoadIndexError(`${this.#shown}: cannot be put in place as ${basename(this.#file)}: ${message}`, {
        cause: error,
      });
    }
  }
}
