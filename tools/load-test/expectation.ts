/** Knows from an index what its campaigns may show. */
import { Catalog } from "../../src/index/catalog.js";
import { inspectCells, inspectHeader, type InspectedCell } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { PeriodClock } from "../../src/decision/period.js";

/** What is known of a cell: the part of its description that the rules of the wire rest on. */
export interface KnownCell extends Pick<InspectedCell, "period" | "campaign" | "random_places" | "pool"> {
  readonly collection: readonly { readonly banner: number }[];
}

export interface ExpectedCell {
  readonly banners: ReadonlySet<number>;
  readonly single: boolean;
}

export class Expectation {
  readonly #clock: PeriodClock;
  readonly #cells: readonly Map<number, ExpectedCell>[];

  /** @param timeZone the server's, an IANA name */
  constructor(periods: number, timeZone: string, cells: Iterable<KnownCell>) {
    this.#clock = new PeriodClock(timeZone, periods);
    this.#cells = Array.from({ length: periods }, () => new Map());
    for (const { period, campaign, collection, random_places, pool } of cells)
      this.#cells[period - 1]!.set(campaign, {
        banners: new Set([...collection.map(({ banner }) => banner), ...pool]),
        single: collection.length + random_places === 1,
      });
  }

  /** A campaign's cell in the period of a moment, in milliseconds since 1970; undefined where it is unknown in it. */
  cellAt(moment: number, campaign: number): ExpectedCell | undefined {
    return this.#cells[this.#clock.at(moment) - 1]!.get(campaign);
  }

  /** The campaigns that have a cell in the period of a moment, in ascending order. */
  campaignsAt(moment: number): number[] {
    return [...this.#cells[this.#clock.at(moment) - 1]!.keys()].sort((a, b) => a - b);
  }
}

/** @throws Error whose message is one line that names the file */
export async function readExpectation(file: string, timeZone: string): Promise<Expectation> {
  const catalog = new Catalog(await loadIndex(file));
  return new Expectation(inspectHeader(catalog).periods, timeZone, inspectCells(catalog));
}
