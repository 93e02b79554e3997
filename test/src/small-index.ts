/** Indexes small enough to write down, made as the compiler makes them. */
import type { BannerImage, BannerText } from "../../build/images/folder.js";
import { compile, type CompileOptions } from "../../build/compile.js";
import { EventCounts } from "../../build/count/counters.js";
import { Catalog } from "../../src/index/catalog.js";
import { decode, type Encoded } from "../../src/index/format.js";

export interface SmallCell {
  readonly period: number;
  readonly campaign: number;
  /** Banners with one click and one conversion each, of 1.00 more revenue than the next. */
  readonly converting?: readonly number[];
  /** Banners with clicks and no conversion: the first has the most. */
  readonly clicked?: readonly number[];
  /** Banners with an impression only. */
  readonly pool?: readonly number[];
}

export function smallIndex(
  cells: readonly SmallCell[],
  periods = 4,
  images: ReadonlyMap<number, BannerImage> = new Map(),
  texts: ReadonlyMap<number, BannerText> = new Map(),
  more: CompileOptions = {},
): Uint8Array {
  const counts = new EventCounts(periods);
  for (const { period, campaign, converting = [], clicked = [], pool = [] } of cells) {
    const counterOf = (banner: number): number => {
      const counter = counts.counterOf(period, campaign, banner);
      counts.addImpression(counter);
      return counter;
    };
    converting.forEach((banner, place) => {
      const counter = counterOf(banner);
      counts.addClick(counter);
      counts.addConversion(counter, BigInt(converting.length - place) * 1_000_000n);
    });
    clicked.forEach((banner, place) => {
      const counter = counterOf(banner);
      for (let click = place; click < clicked.length; click++) counts.addClick(counter);
    });
    pool.forEach(counterOf);
  }
  return bytesOf(compile(counts, images, texts, more));
}

export function smallCatalog(
  cells: readonly SmallCell[],
  periods = 4,
  images: ReadonlyMap<number, BannerImage> = new Map(),
  texts: ReadonlyMap<number, BannerText> = new Map(),
  more: CompileOptions = {},
): Catalog {
  return new Catalog(decode(smallIndex(cells, periods, images, texts, more)));
}

/** All bytes of an index in one array, in memory of its own. */
export function bytesOf({ parts }: Pick<Encoded, "parts">): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** The numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** The same cell in every period. */
export function inEveryPeriod(cell: Omit<SmallCell, "period">, periods = 4): SmallCell[] {
  return range(1, periods).map((period) => ({ ...cell, period }));
}
