/** Asks the source again and again, and hands on what it brings, at once or at the moment that the source names. */
import { setTimeout as sleep } from "node:timers/promises";
import { delayMs } from "./delays.js";
import { PullTally, type PullResult, type PullState } from "./pull-state.js";
import { removeArrived, renewSignature, temporaryFor, type Arrived } from "./put-in-place.js";
import { fetchSignature, fetchSwitch } from "./small-files.js";
import { SourceError, type IndexSource } from "./source.js";
import { SWITCH_SUFFIX } from "./switch.js";
import { RefusedIndexError, Transfer, type Known, type Validators } from "./transfer.js";
import { requireNewer, type Signature, type Trust } from "./trust.js";
import { LoadIndexError } from "../index/load.js";

/** Beside what loading takes at a rate that any disk has. */
const LEAD_MS = 5000;
const LOADED_A_MS = 50_000;
const MAX_AHEAD_MS = 3_600_000;

export interface PullSettings {
  readonly source: IndexSource;
  readonly trust: Trust;
  /** Where the index belongs; it is brought beside it first. */
  readonly file: string;
  readonly pollMs: number;
  readonly maxBytes: number;
  readonly stallMs?: number;
  /** Whether the source may name a moment for each index. */
  readonly hasSwitch: boolean;
}

export const STALL_MS = 30_000;

export interface PullTarget {
  /** What is served, or lies in the place; undefined where nothing does that is whole. */
  current(): { readonly digest: string; readonly signature: Signature | undefined } | undefined;
  /** Checks what was brought, puts it in place, and serves it, `at` this moment where there is one. Must not reject. */
  take(arrived: Arrived, at?: number): Promise<PullResult>;
}

export interface PullEvents {
  onResult(result: PullResult, arrived: (Arrived & { readonly bytes: number }) | undefined): void;
  /** `reason` why the index is served at once, or the moment for which it waits. */
  onSwitch(arrived: Arrived, decision: { readonly at: number } | { readonly reason: string }): void;
  /** What waited for its moment is not served: the source has another by now, or none. */
  onDropped(arrived: Arrived): void;
}

export interface Clock {
  now(): number;
  /** Ends early, and does not reject, where the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

export const CLOCK: Clock = {
  now: Date.now,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  random: Math.random,
};

interface Waiting {
  readonly arrived: Arrived & { readonly bytes: number };
  /** Infinity while the source does not say it. */
  readonly at: number;
  /** When to begin to load it. */
  readonly from: number;
}

export class Puller {
  readonly #settings: PullSettings;
  readonly #target: PullTarget;
  readonly #events: PullEvents;
  readonly #clock: Clock;
  readonly #tally: PullTally;
  readonly #stop = new AbortController();
  #transfer: Transfer;
  /** Of the index that the source was last known to have, by its digest. */
  #validators: { readonly digest: string; readonly validators: Validators } | undefined;
  #waiting: Waiting | undefined;
  /** The highest sequence that was seen of the index that is served. */
  #floor: Signature | undefined;
  #failures = 0;

  constructor(settings: PullSettings, target: PullTarget, events: PullEvents, clock: Clock = CLOCK) {
    this.#settings = settings;
    this.#target = target;
    this.#events = events;
    this.#clock = clock;
    this.#tally = new PullTally(settings.source.shown);
    this.#transfer = this.#newTransfer();
  }

  get state(): PullState {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.at === Infinity) return this.#tally.stateWith(undefined);
    return this.#tally.stateWith({ generation: waiting.arrived.digest.slice(0, 16), at: waiting.at });
  }

  /** Resolves after `stop`. */
  async run(afterEach: (result: PullResult) => Promise<void> = () => Promise.resolve()): Promise<void> {
    while (!this.isStopped) {
      await afterEach(await this.pull());
      await this.#rest(this.#clock.now() + delayMs(this.#settings.pollMs, this.#failures, () => this.#clock.random()));
    }
    await this.close();
  }

  /** Waits until then; in between, what waits for its moment is handed on. */
  async #rest(until: number): Promise<void> {
    let due: Waiting | undefined;
    do {
      if (due !== undefined) await this.#handOn(due.arrived, due.at);
      const from = this.#waiting?.from ?? Infinity;
      await this.sleep(Math.min(until, from) - this.#clock.now());
      due = this.#dueNow();
    } while (due !== undefined);
  }

  #dueNow(): Waiting | undefined {
    const waiting = this.#waiting;
    return waiting !== undefined && !this.isStopped && this.#clock.now() >= waiting.from ? waiting : undefined;
  }

  /** Removes what has come of an index that is not whole, or not served yet. */
  async close(): Promise<void> {
    await this.#transfer.discard();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) await removeArrived(waiting.arrived.path);
  }

  /** Ends early where pulling ends. */
  sleep(ms: number): Promise<void> {
    return this.#clock.sleep(ms, this.#stop.signal);
  }

  stop(): void {
    this.#stop.abort();
  }

  get isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Asks once; gives up when what waits is due, which a slow source must not keep from its moment. Does not reject. */
  async pull(): Promise<PullResult> {
    const from = this.#waiting?.from ?? Infinity;
    const due = from === Infinity ? undefined : AbortSignal.timeout(Math.max(0, Math.ceil(from - this.#clock.now())));
    const signal = due === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, due]);
    try {
      const arrived = await this.#bring(signal);
      if (arrived === undefined) return this.#note({ result: "unchanged" });
      return await this.#decide(arrived, signal);
    } catch (error) {
      if (this.isStopped) return { result: "failed", reason: "it was stopped" };
      if (due?.aborted !== true) return this.#note(resultOf(error));
      const { shown } = this.#settings.source;
      return this.#note({ result: "failed", reason: `${shown}: it had not answered when an index was to be served` });
    }
  }

  /** Undefined where the source has nothing new. What waits for its moment counts as had. */
  async #bring(signal: AbortSignal): Promise<Waiting["arrived"] | undefined> {
    const { source, trust } = this.#settings;
    const current = this.#target.current();
    const known: readonly Known[] = [this.#waiting?.arrived, current].flatMap((one) =>
      one ? this.#knownAs(one.digest) : [],
    );
    const signature = trust.key && (await fetchSignature(source, trust.key, this.#stallMs, signal));
    if (signature !== undefined) {
      if (signature.digest === current?.digest) await this.#renew(signature, current.signature);
      if (known.some(({ digest }) => digest === signature.digest)) return this.#stillKnown(signature.digest);
      requireNewer(source.shown, signature, this.#floorOver(current?.signature), trust);
    }
    // A source that says "not modified" beside a signature for another index is not to be believed.
    const asked = signature === undefined ? known : known.map(({ digest }) => ({ digest }));
    const answer = await this.#transfer.attempt(asked, signature?.digest, signal);
    if (answer.brought === undefined) {
      const digest = answer.known;
      if (digest !== undefined) this.#validators = { digest, validators: answer.validators };
      return this.#stillKnown(digest);
    }
    const { path, digest, bytes, validators } = answer.brought;
    this.#transfer = this.#newTransfer();
    await this.#dropWaiting();
    this.#validators = { digest, validators };
    return { path, digest, bytes, signature: signature?.text };
  }

  /** The source has one that need not be brought: what waits is what it has, or is not meant any more. */
  async #stillKnown(digest: string | undefined): Promise<Waiting["arrived"] | undefined> {
    const waiting = this.#waiting;
    if (waiting === undefined) return undefined;
    if (digest !== waiting.arrived.digest) await this.#dropWaiting();
    // Its moment may be another by now.
    return this.#waiting?.arrived;
  }

  /** The index that is served was signed again: nothing older may follow, after a restart neither. */
  async #renew(signature: Signature, before: Signature | undefined): Promise<void> {
    const floor = this.#floorOver(before);
    if (signature.sequence === undefined || signature.sequence <= (floor?.sequence ?? -1)) return;
    await renewSignature(this.#settings.file, signature);
    this.#floor = signature;
  }

  #floorOver(signature: Signature | undefined): Signature | undefined {
    return (this.#floor?.sequence ?? -1) > (signature?.sequence ?? -1) ? this.#floor : signature;
  }

  async #decide(arrived: Waiting["arrived"], signal: AbortSignal): Promise<PullResult> {
    const at = await this.#momentOf(arrived, signal);
    if (at === undefined) return this.#handOn(arrived, undefined);
    const from = at - LEAD_MS - arrived.bytes / LOADED_A_MS;
    if (this.#waiting?.at !== at) this.#events.onSwitch(arrived, { at });
    this.#waiting = { arrived, at, from };
    return this.#note({ result: "unchanged" });
  }

  /** undefined for at once. */
  async #momentOf(arrived: Waiting["arrived"], signal: AbortSignal): Promise<number | undefined> {
    const { source, hasSwitch } = this.#settings;
    // The first index is waited for.
    if (!hasSwitch || this.#target.current() === undefined) return undefined;
    const known = this.#waiting?.arrived.digest === arrived.digest ? this.#waiting.at : Infinity;
    let reason;
    try {
      const found = await fetchSwitch(source, this.#stallMs, signal);
      if (found === undefined) {
        this.#events.onSwitch(arrived, { reason: `${source.shown}${SWITCH_SUFFIX}: none is there` });
        return undefined;
      }
      const { digest, at } = found;
      const ahead = at - this.#clock.now();
      // That of the next index is put there before it.
      if (digest !== arrived.digest && known !== Infinity) return known;
      if (digest !== arrived.digest) reason = "the switch is for another index";
      else if (ahead <= 0) reason = `its moment, ${new Date(at).toISOString()}, is past`;
      else if (ahead > MAX_AHEAD_MS) reason = `its moment, ${new Date(at).toISOString()}, is more than an hour ahead`;
      else return at;
    } catch (error) {
      // What is known holds until another is said.
      if (known !== Infinity && !signal.aborted) return known;
      if (signal.aborted || error instanceof SourceError) {
        // Else nobody would have it any more, and its file would stay.
        this.#waiting ??= { arrived, at: Infinity, from: Infinity };
        throw error;
      }
      reason = (error as Error).message;
    }
    this.#events.onSwitch(arrived, { reason });
    return undefined;
  }

  async #handOn(arrived: Waiting["arrived"], at: number | undefined): Promise<PullResult> {
    this.#waiting = undefined;
    const result = await this.#target.take(arrived, at);
    // It is brought anew: it may have been altered on the way.
    if (isBad(result)) this.#validators = undefined;
    await removeArrived(arrived.path);
    return this.#note(result, arrived);
  }

  #note(result: PullResult, arrived?: Waiting["arrived"]): PullResult {
    this.#failures = isBad(result) ? this.#failures + 1 : 0;
    this.#tally.note(result, this.#clock.now());
    this.#events.onResult(result, arrived);
    return result;
  }

  #knownAs(digest: string): Known {
    const { digest: of, validators } = this.#validators ?? {};
    return { digest, validators: of === digest ? validators : undefined };
  }

  #newTransfer(): Transfer {
    const { source, file, maxBytes } = this.#settings;
    return new Transfer(source, temporaryFor(file), { maxBytes, stallMs: this.#stallMs }, (bytes) => {
      this.#tally.addBytes(bytes);
    });
  }

  async #dropWaiting(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#events.onDropped(waiting.arrived);
    await removeArrived(waiting.arrived.path);
  }

  get #stallMs(): number {
    return this.#settings.stallMs ?? STALL_MS;
  }
}

const isBad = ({ result }: PullResult): boolean => result === "refused" || result === "failed";

function resultOf(error: unknown): PullResult {
  const isRefused = error instanceof RefusedIndexError || error instanceof LoadIndexError;
  return { result: isRefused ? "refused" : "failed", reason: (error as Error).message };
}
