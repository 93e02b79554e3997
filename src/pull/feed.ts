/** Feeds the server with indexes: the first from the disk or, where none is good there, from the source; later ones. */
import type { Logger } from "pino";
import { LoadIndexError } from "../index/load.js";
import type { ReloadResult } from "../index/reload.js";
import { ArrivedIndex, onDisk, type Origin } from "./origin.js";
import { pullLog } from "./pull-log.js";
import type { PullResult, PullState } from "./pull-state.js";
import { CLOCK, Puller, type Clock, type PullSettings } from "./puller.js";
import { makeRoom, type Arrived } from "./put-in-place.js";
import type { ServedBefore, Trust, TrustedIndex } from "./trust.js";

export interface FeedTarget {
  served(): (ServedBefore & TrustedIndex) | undefined;
  /** Has the server load from there, when it can. Must not reject. */
  reload(origin: Origin): Promise<ReloadResult>;
}

export interface FeedSettings {
  readonly file: string;
  readonly trust: Trust;
  /** undefined where nothing is pulled. */
  readonly pull: PullSettings | undefined;
}

export class Feed {
  readonly #settings: FeedSettings;
  readonly #target: FeedTarget;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #puller: Puller | undefined;
  readonly disk: Origin;
  #onFirst: (first: TrustedIndex) => void = () => undefined;
  #isBegun = false;

  constructor(settings: FeedSettings, target: FeedTarget, log: Logger, clock: Clock = CLOCK) {
    const { file, trust, pull } = settings;
    this.#settings = settings;
    this.#target = target;
    this.#log = log;
    this.#clock = clock;
    this.disk = onDisk(file, trust);
    this.#puller =
      pull &&
      new Puller(
        pull,
        {
          current: () => {
            const served = target.served();
            return served && { digest: served.index.digest, signature: served.signature };
          },
          take: (arrived, at) => this.#take(arrived, at),
        },
        pullLog(log, pull.source.shown),
        clock,
      );
  }

  /** undefined where nothing is pulled. */
  get state(): PullState | undefined {
    return this.#puller?.state;
  }

  /** @param onWaiting called where there is none yet @throws LoadIndexError where none is there and none can come */
  async first(onWaiting: (source: string) => void): Promise<TrustedIndex> {
    const { file, pull } = this.#settings;
    if (pull !== undefined) await makeRoom(file);
    try {
      return (await this.disk.load(undefined))!;
    } catch (error) {
      if (pull === undefined || !(error instanceof LoadIndexError)) throw error;
      const source = pull.source.shown;
      this.#log.warn({ event: "pull" }, `${error.message}; until then, the first index is awaited from ${source}`);
      onWaiting(source);
    }
    const first = new Promise<TrustedIndex>((resolve) => (this.#onFirst = resolve));
    this.begin();
    return first;
  }

  /** Asks the source from now on. */
  begin(): void {
    if (!this.#isBegun) void this.#puller?.run();
    this.#isBegun = true;
  }

  stop(): void {
    this.#puller?.stop();
  }

  async #take(arrived: Arrived, at: number | undefined): Promise<PullResult> {
    const { file, trust, pull } = this.#settings;
    const moment = async (beforeMs: number): Promise<void> => {
      if (at === undefined) return;
      await this.#puller!.sleep(at - beforeMs - this.#clock.now());
      if (this.#puller!.isStopped)
        throw new LoadIndexError(`${pull!.source.shown}: the server ended before its moment`);
    };
    const origin = new ArrivedIndex(arrived, { file, trust, shown: pull!.source.shown }, moment);
    const { result, reason } = await (this.#target.served() === undefined
      ? this.#takeFirst(origin)
      : this.#target.reload(origin));
    return {
      result: result === "refused" && origin.isMisplaced ? "failed" : result,
      ...(reason !== undefined && { reason }),
    };
  }

  async #takeFirst(origin: Origin): Promise<PullResult> {
    try {
      const first = (await origin.load(undefined))!;
      await origin.settle(undefined);
      this.#onFirst(first);
      // It would hold the first index in memory for ever.
      this.#onFirst = () => undefined;
      return { result: "replaced" };
    } catch (error) {
      return { result: "refused", reason: (error as Error).message };
    }
  }
}
