/** Records what a worker thread decides and what is clicked, where visitors and settings allow it. */
import { DecisionIds, ID_DIGITS } from "../recording/decision-id.js";
import { RingWriter, type Ring } from "../recording/ring.js";
import { CLICKS_UNCOUNTED, UNCOUNTED_CLICKS, type Counters, type UncountedClick } from "./counters.js";
import type { Decision } from "./decision.js";
import type { Method, Request } from "./request.js";

/** What each worker thread is told. */
export interface RecordingPart {
  /** One a worker, in order of their numbers. */
  readonly rings: readonly Ring[];
  /** 32 bytes, which replicas share. */
  readonly key: Uint8Array;
  /** Seconds. */
  readonly clickMaxAge: number;
  /** Requests with a header of this name, in lower case, are not recorded; "" for none. */
  readonly ignoreHeader: string;
  /** Whether visitors who ask not to be tracked (Global Privacy Control, Do Not Track) are not recorded. */
  readonly heedsGpc: boolean;
  /** Goes before the path of a click's address: "" or where visitors reach this server. */
  readonly clickBase: string;
}

/** How much later than our clock the clock of another replica may be. */
const CLOCK_SKEW_SECONDS = 300;

export class DecisionRecorder {
  readonly #settings: RecordingPart;
  readonly #leavesOutSome: boolean;
  readonly #counters: Counters;
  readonly #ids: DecisionIds;
  readonly #ring: RingWriter;
  readonly #digits = new DataView(new ArrayBuffer(ID_DIGITS));
  readonly #digitsText = Buffer.from(this.#digits.buffer);

  /** @param worker its number, from 1 */
  constructor(settings: RecordingPart, worker: number, counters: Counters) {
    this.#settings = settings;
    this.#leavesOutSome = settings.ignoreHeader !== "" || settings.heedsGpc;
    this.#counters = counters;
    this.#ids = new DecisionIds(settings.key);
    this.#ring = new RingWriter(settings.rings[worker - 1]!);
  }

  get clickBase(): string {
    return this.#settings.clickBase;
  }

  get clickMaxAge(): number {
    return this.#settings.clickMaxAge;
  }

  /** Whether decisions for this request are recorded. */
  records(request: Request): boolean {
    return !this.#leavesOutSome || !this.#isLeftOut(request);
  }

  /** Records an impression, unless the decision is for HEAD. */
  record({ moment, isCounted }: Readonly<Decision>, campaign: number, banner: number): void {
    // As signed numbers, ids beyond 2^31 are passed on without an allocation.
    if (isCounted) this.#ring.impression(secondsOf(moment), campaign | 0, banner | 0);
  }

  /** Makes an id for the decision, and writes its ID_DIGITS in ASCII. */
  writeId({ moment }: Readonly<Decision>, campaign: number, banner: number, bytes: DataView, start: number): void {
    this.#ids.write(campaign | 0, banner | 0, secondsOf(moment), bytes, start);
  }

  /** Makes an id for the decision. */
  idFor(decision: Readonly<Decision>, campaign: number, banner: number): string {
    this.writeId(decision, campaign, banner, this.#digits, 0);
    return this.#digitsText.toString("latin1");
  }

  /**
   * Records a click where it counts, and returns whether; its time is that of the decision, so that it counts in the
   * period in which the banner was shown, and a click that is repeated is the same row again.
   * @param digits of the decision's id, as they were sent
   */
  click(campaign: number, banner: number, digits: string, moment: number, method: Method, request: Request): boolean {
    const made = this.#ids.read(digits) ? this.#ids.secondsOf(campaign, banner) : undefined;
    const reason = this.#reasonAgainst(digits, made, secondsOf(moment), method, request);
    if (reason !== undefined) this.#counters[CLICKS_UNCOUNTED + UNCOUNTED_CLICKS.indexOf(reason)]!++;
    else this.#ring.click(made!, campaign, banner, this.#ids.words);
    return reason === undefined;
  }

  #reasonAgainst(
    digits: string,
    made: number | undefined,
    now: number,
    method: Method,
    request: Request,
  ): UncountedClick | undefined {
    if (method === "HEAD") return "head";
    if (this.#isLeftOut(request)) return "ignored";
    if (isPrefetch(request)) return "prefetch";
    if (digits === "") return "no-decision";
    // A forged id decrypts to a time at random, often one in the future.
    if (made === undefined || made > now + CLOCK_SKEW_SECONDS) return "foreign";
    return made < now - this.clickMaxAge ? "expired" : undefined;
  }

  #isLeftOut(request: Request): boolean {
    const { ignoreHeader, heedsGpc } = this.#settings;
    if (ignoreHeader !== "" && request.getHeader(ignoreHeader) !== "") return true;
    return heedsGpc && (request.getHeader("sec-gpc") === "1" || request.getHeader("dnt") === "1");
  }
}

const secondsOf = (moment: number): number => Math.floor(moment / 1000);

/** Whether the browser only prepares for a click that may come. */
function isPrefetch(request: Request): boolean {
  return ["sec-purpose", "purpose", "x-moz"].some((name) => request.getHeader(name).includes("prefetch"));
}
