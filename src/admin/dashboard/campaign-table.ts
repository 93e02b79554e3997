/** Finds campaigns by the first digits of their ids or by their names, in order of revenue or of id. */
import { NONE, type Catalog } from "../../index/catalog.js";
import { campaignFigures, RevenueSums, type Figures } from "../../index/figures.js";
import { LARGEST_ID, lowerBound, readId } from "../../index/ids.js";

export const ORDERS = ["revenue", "id"] as const;
export type Order = (typeof ORDERS)[number];

export const MAX_ROWS = 100;

/** How long the sums may hold the thread, and after how many campaigns the clock is looked at. */
const SLICE_MS = 5;
const SLICE = 256;

export interface CampaignRow extends Figures {
  readonly campaign: number;
  readonly name: string;
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
    const isName = /\D/.test(search);
    const ranges = isName ? await rangesNamed(this.#catalog, search) : rangesOf(campaignIds, search);
    const matching = indexesIn(ranges);
    const indexes = order === "id" ? firstOf(matching) : (await this.#revenues()).greatest(MAX_ROWS, matching);
    return {
      rows: indexes.map((index) => {
        const campaign = campaignIds[index]!;
        return { campaign, name: this.#catalog.nameOf(campaign), ...campaignFigures(this.#catalog, campaign) };
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
  const rest = new Rest();
  for (const [index, campaign] of campaignIds.entries()) {
    for (let period = 1; period <= counts.periods; period++) {
      const cell = catalog.cellOf(campaign, period);
      if (cell === NONE) continue;
      const end = catalog.cells.endOf(cell);
      for (let entry = catalog.cells.startOf(cell); entry < end; entry++) sums.add(index, entry);
    }
    if (index % SLICE === 0) await rest.ifDue();
  }
  return sums;
}

class Rest {
  #pause = performance.now() + SLICE_MS;

  /** Other requests to this port are handled between two slices. */
  async ifDue(): Promise<void> {
    if (performance.now() <= this.#pause) return;
    await new Promise(setImmediate);
    this.#pause = performance.now() + SLICE_MS;
  }
}

/** In letters of any case. */
async function rangesNamed(catalog: Catalog, part: string): Promise<Range[]> {
  const ranges: Range[] = [];
  if (catalog.index.counts.nameBytes === 0) return ranges;
  const rest = new Rest();
  const sought = part.toLowerCase();
  for (const [index, campaign] of catalog.index.campaignIds.entries()) {
    if (catalog.nameOf(campaign).toLowerCase().includes(sought)) ranges.push([index, index + 1]);
    if (index % SLICE === 0) await rest.ifDue();
  }
  return ranges;
}

/** Ids ascend, so that those of one length with the same first digits are one range. */
function rangesOf(ids: Uint32Array, digits: string): Range[] {
  if (digits === "") return [[0, ids.length]];
  const ranges: Range[] = [];
  const prefix = readId(digits, 0, digits.length);
  if (prefix === 0) return ranges;
  for (let power = 1; prefix * power <= LARGEST_ID; power *= 10)
    ranges.push([lowerBound(ids, prefix * power), lowerBound(ids, (prefix + 1) * power)]);
  return ranges;
}

function* indexesIn(ranges: readonly Range[]): Generator<number> {
  for (const [first, last] of ranges) for (let index = first; index < last; index++) yield index;
}

function firstOf(indexes: Iterable<number>): number[] {
  const first: number[] = [];
  for (const index of indexes) if (first.push(index) === MAX_ROWS) break;
  return first;
}
