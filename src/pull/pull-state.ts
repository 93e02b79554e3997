/** Tells how pulling goes: for the metrics, the status and the dashboard. */

export const PULL_RESULTS = ["replaced", "unchanged", "refused", "failed"] as const;

export interface PullResult {
  readonly result: (typeof PULL_RESULTS)[number];
  /** Of what was brought, or why nothing was. */
  readonly reason?: string;
}

/** An index that is on the disk, and is served from a moment on. */
export interface WaitingIndex {
  readonly generation: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface PullState {
  readonly source: string;
  /** Milliseconds since 1970: the last `replaced` or `unchanged`; 0 before the first. */
  readonly lastSuccessAt: number;
  readonly transfers: Readonly<Record<PullResult["result"], number>>;
  readonly bytes: number;
  readonly last: (PullResult & { readonly at: number }) | undefined;
  readonly waiting: WaitingIndex | undefined;
}

export class PullTally {
  readonly #source: string;
  readonly #transfers = { replaced: 0, unchanged: 0, refused: 0, failed: 0 };
  #lastSuccessAt = 0;
  #bytes = 0;
  #last: PullState["last"];

  constructor(source: string) {
    this.#source = source;
  }

  addBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  note(result: PullResult, now: number): void {
    this.#transfers[result.result]++;
    if (result.result === "replaced" || result.result === "unchanged") this.#lastSuccessAt = now;
    this.#last = { ...result, at: now };
  }

  stateWith(waiting: WaitingIndex | undefined): PullState {
    return {
      source: this.#source,
      lastSuccessAt: this.#lastSuccessAt,
      transfers: { ...this.#transfers },
      bytes: this.#bytes,
      last: this.#last,
      waiting,
    };
  }
}
