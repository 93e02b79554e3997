/** Writes a data folder of invented events, some of which a build must reject: the same for the same seed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { seededRandom, type Random } from "../../tools/make-sample/random.js";

export const EVENT_KINDS = ["impressions", "clicks", "conversions"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface Amounts extends Readonly<Record<EventKind, number>> {
  readonly periods: number;
  readonly campaigns: number;
  readonly banners: number;
}

/** Rows, by what a build must make of them. */
export type Expectation = Readonly<Record<"read" | "used" | Planted, number>>;

type Planted = "orphan" | "conflict" | "duplicate";
type Row = readonly [text: string, planted?: Planted];

const HEADERS: Readonly<Record<EventKind, string>> = {
  impressions: "banner_id,campaign_id\n",
  clicks: "click_id,banner_id,campaign_id\n",
  conversions: "conversion_id,click_id,revenue\n",
};
/** One row of each in every thousand, counted from 0 and not the first, so that a repeat has a row before it. */
const EVERY = 1000;
const PLANTED: Readonly<Record<EventKind, Readonly<Record<number, Planted>>>> = {
  impressions: {},
  clicks: { 499: "conflict", 999: "duplicate" },
  conversions: { 249: "orphan", 499: "conflict", 999: "duplicate" },
};
const STEPS = [10_000, 10_000, 100, 1];
const MAX_REVENUE = 20_000_000;
const BLOCK = 1 << 20;

export async function writeEvents(
  folder: string,
  amounts: Amounts,
  seed: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly expectation: Expectation }> {
  const events = new Events(amounts, seed);
  const expectation = { read: 0, used: 0, orphan: 0, conflict: 0, duplicate: 0 };
  let bytes = 0;
  function* blocksOf(kind: EventKind, period: number): Generator<string> {
    let block = HEADERS[kind];
    for (const [text, planted = "used"] of events.rowsOf(kind, period)) {
      block += text;
      expectation.read++;
      expectation[planted]++;
      if (block.length <= BLOCK) continue;
      signal.throwIfAborted();
      yield block;
      bytes += block.length;
      block = "";
    }
    yield block;
    bytes += block.length;
  }
  for (const kind of EVENT_KINDS)
    for (let period = 1; period <= amounts.periods; period++) {
      signal.throwIfAborted();
      await mkdir(join(folder, String(period)), { recursive: true });
      await writeFile(join(folder, String(period), `${kind}_${period}.csv`), blocksOf(kind, period), "latin1");
    }
  return { bytes, expectation };
}

class Events {
  readonly #amounts: Amounts;
  readonly #seed: number;
  readonly #campaigns: Uint32Array;
  readonly #banners: Uint32Array;
  /** The first click of each period, and one more than the last: rows that repeat another take no new id. */
  readonly #clicks = [1];
  #nextClick = 1;
  #nextConversion = 1;

  constructor(amounts: Amounts, seed: number) {
    this.#amounts = amounts;
    this.#seed = seed;
    this.#campaigns = zipfRanks(amounts.campaigns);
    this.#banners = zipfRanks(amounts.banners);
  }

  /** Clicks must be made before conversions, which name them. */
  *rowsOf(kind: EventKind, period: number): Generator<Row> {
    const random = seededRandom(`${kind} of period ${period}, seed ${this.#seed}`);
    const { [kind]: total, periods } = this.#amounts;
    const count = Math.floor(total / periods) + (period <= total % periods ? 1 : 0);
    const rowOf = { impressions: this.#impression, clicks: this.#click, conversions: this.#conversion }[kind];
    let earlier = "";
    for (let row = 0; row < count; row++) {
      const planted = PLANTED[kind][row % EVERY];
      if (planted === "duplicate") yield [earlier, planted];
      else if (planted === "conflict") yield [conflicting(earlier), planted];
      else if (planted === "orphan") yield [this.#conversion(random, period, true), planted];
      else {
        const text = rowOf.call(this, random, period);
        if (earlier === "" || random.below(200) === 0) earlier = text;
        yield [text];
      }
    }
    if (kind === "clicks") this.#clicks.push(this.#nextClick);
  }

  #impression(random: Random): string {
    const campaign = this.#campaigns[random.below(this.#campaigns.length)]!;
    const rank = this.#banners[random.below(this.#banners.length)]!;
    return `${100 + ((campaign * this.#amounts.banners) >>> 1) + rank},${campaign + 1}\n`;
  }

  #click(random: Random): string {
    return `${this.#nextClick++},${this.#impression(random)}`;
  }

  #conversion(random: Random, period: number, isOrphan = false): string {
    const from = random.below(8) === 0 ? random.between(1, this.#amounts.periods) : period;
    const click = isOrphan ? this.#nextClick : random.between(this.#clicks[from - 1]!, this.#clicks[from]! - 1);
    const step = STEPS[random.below(STEPS.length)]!;
    const share = random.below(2 ** 32) / 2 ** 32;
    const size = Math.ceil((share * share * MAX_REVENUE) / step) * step;
    const revenue = random.below(100) === 0 ? -size : size;
    return `${this.#nextConversion++},${click},${revenue / 1e6}\n`;
  }
}

function conflicting(row: string): string {
  const comma = row.lastIndexOf(",");
  return `${row.slice(0, comma + 1)}${Number(row.slice(comma + 1)) === 1 ? 2 : 1}\n`;
}

/** Maps 16 random bits to a rank from 0 to `count` - 1, where rank r comes as often as 1 / (r + 1): Zipf's law. */
export function zipfRanks(count: number): Uint32Array {
  const ranks = new Uint32Array(1 << 16);
  let whole = 0;
  for (let rank = 0; rank < count; rank++) whole += 1 / (rank + 1);
  let reached = 1;
  for (let at = 0, rank = 0; at < ranks.length; at++) {
    while (rank < count - 1 && reached / whole <= (at + 0.5) / ranks.length) reached += 1 / (++rank + 1);
    ranks[at] = rank;
  }
  return ranks;
}
