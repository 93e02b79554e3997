/** What section 3 of the rules makes of a cell, said again for the tests alone. */
import type { Banner, Cell, Conversion } from "./read-sample.js";

export type Measure = (banner: Banner) => number;

export const bannersOf = (cell: Cell): Banner[] => [...cell.banners.values()];
export const conversionsOf = (banner: Banner): Conversion[] => banner.clicks.flatMap((click) => click.conversions);
export const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

// In millionths, far below 2^53: numbers are exact here.
export const revenueOf: Measure = (banner) => sum(conversionsOf(banner).map(({ micros }) => Number(micros)));
export const clicksOf: Measure = (banner) => banner.clicks.length;

export const converting = (cell: Cell): Banner[] =>
  bannersOf(cell).filter((banner) => conversionsOf(banner).length > 0);
export const clickedOnly = (cell: Cell): Banner[] =>
  bannersOf(cell).filter((banner) => banner.clicks.length > 0 && conversionsOf(banner).length === 0);
export const pool = (cell: Cell): Banner[] => bannersOf(cell).filter((banner) => banner.clicks.length === 0);
export const x = (cell: Cell): number => converting(cell).length;
export const missing = (cell: Cell): number => Math.max(0, 5 - x(cell) - clickedOnly(cell).length);

/** The banners that compete for the places of the cut, best first, and the number of these places. */
function contest(cell: Cell, revenue = revenueOf, clicks = clicksOf): { ranked: Banner[]; places: number } {
  const places = x(cell) >= 10 ? 10 : Math.max(0, 5 - x(cell));
  const ranked = (x(cell) >= 10 ? converting(cell) : clickedOnly(cell)).sort(
    (a, b) => revenue(b) - revenue(a) || clicks(b) - clicks(a) || a.id - b.id,
  );
  return { ranked, places };
}

/** Who wins a place, whatever the order. */
export function winners(cell: Cell, revenue?: Measure, clicks?: Measure): number[] {
  const { ranked, places } = contest(cell, revenue, clicks);
  return ranked
    .slice(0, places)
    .map(({ id }) => id)
    .sort((a, b) => a - b);
}

export const differ = (a: readonly number[], b: readonly number[]): boolean => a.join() !== b.join();

/** Whether the last inside the cut and the first outside it are `alike`. */
export function cutBetween(cell: Cell, alike: (last: Banner, first: Banner) => boolean): boolean {
  const { ranked, places } = contest(cell);
  const [last, first] = [ranked[places - 1], ranked[places]];
  return last !== undefined && first !== undefined && alike(last, first);
}

export const cutById = (last: Banner, first: Banner): boolean =>
  revenueOf(last) === revenueOf(first) && clicksOf(last) === clicksOf(first);

export const cutByClicksAgainstId = (last: Banner, first: Banner): boolean =>
  revenueOf(last) === revenueOf(first) && clicksOf(last) > clicksOf(first) && last.id > first.id;
