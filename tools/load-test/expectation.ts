/** Knows from an index what its campaigns may show. */
import { Catalog } from "../../src/index/catalog.js";
import { inspectCells, inspectHeader, type InspectedCell } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { PeriodClock } from "../../src/decision/period.js";

export interface KnownCell extends Pick<
  InspectedCell,
  "period" | "campaign" | "random_places" | "pool" | "behind_cut"
> {
  readonly collection: readonly { readonly banner: number }[];
}

export interface ExpectedCell {
  readonly banners: ReadonlySet<number>;
  readonly single: boolean;
}

export class Expectation {
  readonly #clock: PeriodClock;
  readonly #cells: readonly Map<number, ExpectedCell>[];

  constructor(periods: number, timeZone: string, cells: Iterable<KnownCell>) {
    this.#clock = new PeriodClock(timeZone, periods);
    this.#cells = Array.from({ length: periods }, () => new Map());
    for (const { period, campaign, collection, random_places, pool, behind_cut = [] } of cells)
      this.#cells[period - 1]!.set(campaign, {
        banners: new Set([...collection.map(({ banner }) => banner), ...pool, ...behind_cut]),
        single: collection.length + random_places === 1,
      });
  }

  /** At `moment`, milliseconds since 1970; undefined where the campaign is unknown in that period. */
  cellAt(moment: number, campaign: number): ExpectedCell | undefined {
    return this.#cells[this.#clock.at(moment) - 1]!.get(campaign);
  }

  campaignsAt(moment: number): number[] {
    return [...this.#cells[this.#clock.at(moment) - 1]!.keys()].sort((a, b) => a - b);
  }
}

export async function readExpectation(file: string, timeZone: string): Promise<Expectation> {
  const catalog = new Catalog(await loadIndex(file));
  return new Expectation(inspectHeader(catalog).periods, timeZone, inspectCells(catalog));
}
