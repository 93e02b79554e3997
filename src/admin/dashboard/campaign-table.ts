/** Finds campaigns by the first digits of their ids, in order of revenue or of id. */
import { NONE, type Catalog } from "../../index/catalog.js";
import { campaignFigures, RevenueSums, type Figures } from "../../index/figures.js";
import { LARGEST_ID, readId } from "../../index/ids.js";

export const ORDERS = ["revenue", "id"] as const;
export type Order = (typeof ORDERS)[number];

export const MAX_ROWS = 100;

/** How long the sums may hold the thread, and after how many campaigns the clock is looked at. */
const SLICE_MS = 5;
const SLICE = 256;

export interface CampaignRow extends Figures {
  readonly campaign: number;
}

export interface FoundCampaigns {
  readonly rows: readonly CampaignRow[];
  readonly found: number;
}

/** Indexes in `campaignIds`; `last` is not included. */
type Range = readonly [first: number, last: number];

export class CampaignTable {
  readonly #catalog: Catalog;
  #revenue: Promise<RevenueSums> | undefined;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  has(campaign: number): boolean {
    const { campaignIds } = this.#catalog.index;
    return campaignIds[lowerBound(campaignIds, campaign)] === campaign;
  }

  async find(search: string, order: Order): Promise<FoundCampaigns> {
    const { campaignIds } = this.#catalog.index;
    const ranges = search === "" ? [[0, campaignIds.length] as const] : rangesOf(campaignIds, search);
    const matching = indexesIn(ranges);
    const indexes = order === "id" ? firstOf(matching) : (await this.#revenues()).greatest(MAX_ROWS, matching);
    return {
      rows: indexes.map((index) => {
        const campaign = campaignIds[index]!;
        return { campaign, ...campaignFigures(this.#catalog, campaign) };
      }),
      found: ranges.reduce((sum, [first, last]) => sum + last - first, 0),
    };
  }

  #revenues(): Promise<RevenueSums> {
    return (this.#revenue ??= addUp(this.#catalog));
  }
}

async function addUp(catalog: Catalog): Promise<RevenueSums> {
  const { campaignIds, counts } = catalog.index;
  const sums = new RevenueSums(campaignIds.length, catalog.index);
  let pause = performance.now() + SLICE_MS;
  for (const [index, campaign] of campaignIds.entries()) {
    for (let period = 1; period <= counts.periods; period++) {
      const cell = catalog.cellOf(campaign, period);
      if (cell === NONE) continue;
      const end = catalog.cells.endOf(cell);
      for (let entry = catalog.cells.startOf(cell); entry < end; entry++) sums.add(index, entry);
    }
    if (index % SLICE === 0 && performance.now() > pause) {
      // Other requests to this port are handled between two slices.
      await new Promise(setImmediate);
      pause = performance.now() + SLICE_MS;
    }
  }
  return sums;
}

/** Ids ascend, so that those of one length with the same first digits are one range. */
function rangesOf(ids: Uint32Array, digits: string): Range[] {
  const ranges: Range[] = [];
  const prefix = readId(digits, 0, digits.length);
  if (prefix === 0) return ranges;
  for (let power = 1; prefix * power <= LARGEST_ID; power *= 10)
    ranges.push([lowerBound(ids, prefix * power), lowerBound(ids, (prefix + 1) * power)]);
  return ranges;
}

function lowerBound(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* indexesIn(ranges: readonly Range[]): Generator<number> {
  for (const [first, last] of ranges) for (let index = first; index < last; index++) yield index;
}

function firstOf(indexes: Iterable<number>): number[] {
  const first: number[] = [];
  for (const index of indexes) if (first.push(index) === MAX_ROWS) break;
  return first;
}
