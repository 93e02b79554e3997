/** A visitor who asks for one campaign again and again, to the banners that are shown: the very decisions of the public port, uncounted. */
import { shownBanner } from "../../response/banner-answers.js";
import { NONE, type Catalog } from "../../index/catalog.js";
import type { Random } from "../../decision/pick.js";
import { Decider, type Rotation } from "../../decision/decide.js";
import type { ShownBanner } from "../../response/page.js";
import { readId } from "../../index/ids.js";

/** The most requests of one call. */
export const MOST_VISITS = 1000;

/** How many of the last banners are described. */
const DESCRIBED = 8;

export interface AskedVisits {
  readonly campaign: number;
  readonly period: number;
  /** What the visitor remembers, as `/campaigns/{id}/banner.json` has it in `last`; anything else is nothing. */
  readonly last: string;
  readonly visits: number;
}

export interface Visits {
  readonly campaign: number;
  readonly period: number;
  /** In the order in which they were shown. */
  readonly banners: readonly number[];
  /** What the visitor remembers now. */
  readonly last: string;
  /** The last few, the newest first. */
  readonly latest: readonly ShownBanner[];
}

/** What is asked for, or one line that says what is wrong with it. */
export function readVisits(query: URLSearchParams, periods: number): AskedVisits | string {
  const numberOf = (name: string, fallback: string): number => {
    const text = query.get(name) ?? fallback;
    return readId(text, 0, text.length);
  };
  const wrong = (name: string, expected: string): string =>
    `${name}: got ${JSON.stringify(query.get(name) ?? "")}, expected ${expected}.`;
  const campaign = numberOf("campaign", "");
  if (campaign === 0) return wrong("campaign", "a campaign's id");
  const period = numberOf("period", "");
  if (period === 0 || period > periods) return wrong("period", `a whole number from 1 to ${periods}`);
  const visits = numberOf("visits", "1");
  if (visits === 0 || visits > MOST_VISITS) return wrong("visits", `a whole number from 1 to ${MOST_VISITS}`);
  return { campaign, period, last: query.get("last") ?? "", visits };
}

/** undefined where the campaign has no cell in this period. */
export function visit(
  catalog: Catalog,
  { campaign, period, last, visits }: AskedVisits,
  rotation: Rotation,
  random: Random,
  bannerBaseUrl: string,
): Visits | undefined {
  const cell = catalog.cellOf(campaign, period);
  if (cell === NONE) return undefined;
  const { bannerIds } = catalog.index;
  const decider = new Decider(catalog, rotation, random);
  let memory = last;
  const places = Array.from({ length: visits }, () => {
    decider.seen.read(memory);
    const banner = decider.decide(cell);
    memory = `${bannerIds[banner]!}${decider.seen.tail()}`;
    return banner;
  });
  return {
    campaign,
    period,
    banners: places.map((place) => bannerIds[place]!),
    last: memory,
    latest: places
      .slice(-DESCRIBED)
      .reverse()
      .map((place) => shownBanner(catalog, place, { bannerBaseUrl })),
  };
}
