/** The campaigns of an index to the few that are looked for, in order of revenue or of id. */
import type { Catalog } from "../../index/catalog.js";
import { campaignFigures, revenueHalves, roughRevenue, type Figures } from "../../index/figures.js";
import { LARGEST_ID, readId } from "../../index/ids.js";

export const ORDERS = ["revenue", "id"] as const;
export type Order = (typeof ORDERS)[number];

/** The most rows that are answered with. */
export const MOST_ROWS = 100;

/** How long the sums may keep everything else of this thread waiting, and how many are made between two looks at the clock. */
const SLICE_MS = 5;
const SLICE = 256;

export interface CampaignRow extends Figures {
  readonly campaign: number;
}

export interface FoundCampaigns {
  readonly rows: readonly CampaignRow[];
  /** How many there are, of which `rows` are the first. */
  readonly found: number;
}

/** Places in `campaignIds`, from the first to before the last. */
type Range = readonly [first: number, last: number];

export class CampaignTable {
  readonly #catalog: Catalog;
  /** Millionths, by place in `campaignIds`: for the order alone. */
  #revenue: Promise<Float64Array> | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  has(campaign: number): boolean {
    const { campaignIds } = this.#catalog.index;
    return campaignIds[placeFrom(campaignIds, campaign)] === campaign;
  }

  /** @param search how the ids begin; with "", all are found */
  async find(search: string, order: Order): Promise<FoundCampaigns> {
    const { campaignIds } = this.#catalog.index;
    const ranges = search === "" ? [[0, campaignIds.length] as const] : rangesOf(campaignIds, search);
    const places = order === "id" ? firstOf(ranges) : greatestOf(ranges, await this.#revenues());
    return {
      rows: places.map((place) => {
        const campaign = campaignIds[place]!;
        return { campaign, ...campaignFigures(this.#catalog, campaign) };
      }),
      found: ranges.reduce((sum, [first, last]) => sum + last - first, 0),
    };
  }

  /** Worked out once, when it is first asked for. */
  #revenues(): Promise<Float64Array> {
    this.#revenue ??= addUp(this.#catalog);
    return this.#revenue;
  }
}

async function addUp(catalog: Catalog): Promise<Float64Array> {
  const { campaignIds } = catalog.index;
  const halves = revenueHalves(catalog.index);
  const sums = new Float64Array(campaignIds.length);
  let pause = performance.now() + SLICE_MS;
  for (let place = 0; place < sums.length; place++) {
    sums[place] = roughRevenue(catalog, campaignIds[place]!, halves);
    if (place % SLICE === 0 && performance.now() > pause) {
      // Others that ask this port are answered between two slices.
      await new Promise(setImmediate);
      pause = performance.now() + SLICE_MS;
    }
  }
  return sums;
}

/** The ids that begin with these digits: those of each length are a range, and ascend. */
function rangesOf(ids: Uint32Array, digits: string): Range[] {
  const ranges: Range[] = [];
  const prefix = readId(digits, 0, digits.length);
  if (prefix === 0) return ranges;
  for (let power = 1; prefix * power <= LARGEST_ID; power *= 10)
    ranges.push([placeFrom(ids, prefix * power), placeFrom(ids, (prefix + 1) * power)]);
  return ranges;
}

/** The place of the first id that is not below. */
function placeFrom(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstOf(ranges: readonly Range[]): number[] {
  const places: number[] = [];
  for (const [first, last] of ranges)
    for (let place = first; place < last && places.length < MOST_ROWS; place++) places.push(place);
  return places;
}

/** Those with the most revenue; of the same revenue, the lowest ids. */
function greatestOf(ranges: readonly Range[], revenue: Float64Array): number[] {
  const greatest: number[] = [];
  for (const [first, last] of ranges)
    for (let place = first; place < last; place++) {
      const own = revenue[place]!;
      if (greatest.length === MOST_ROWS && own <= revenue[greatest[MOST_ROWS - 1]!]!) continue;
      let at = greatest.length;
      while (at > 0 && revenue[greatest[at - 1]!]! < own) at--;
      greatest.splice(at, 0, place);
      greatest.length = Math.min(greatest.length, MOST_ROWS);
    }
  return greatest;
}
