/** Makes the visits of one visitor to a campaign, by the decisions of the public port, uncounted. */
import { NONE, type Catalog } from "../index/catalog.js";
import type { Random } from "../decision/pick.js";
import type { Rotation } from "../decision/decide.js";
import { deciderFor } from "../decision/explore.js";
import { shownBanner, type ShownBanner } from "../response/image.js";
import { readId } from "../index/ids.js";

export const MAX_VISITS = 1000;

const MAX_DESCRIBED = 8;

export interface VisitRequest {
  readonly campaign: number;
  readonly period: number;
  /** What the visitor remembers, as in `last` of `banner.json`; anything else is nothing. */
  readonly last: string;
  readonly visits: number;
}

export interface Visits {
  readonly campaign: number;
  readonly period: number;
  readonly banners: readonly number[];
  /** Of each banner, whether it was drawn to explore. */
  readonly explored: readonly boolean[];
  readonly last: string;
  readonly latest: readonly ShownBanner[];
}

export function readVisits(query: URLSearchParams, periods: number): VisitRequest | string {
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
  if (visits === 0 || visits > MAX_VISITS) return wrong("visits", `a whole number from 1 to ${MAX_VISITS}`);
  return { campaign, period, last: query.get("last") ?? "", visits };
}

/** Undefined where the campaign has no cell in this period. */
export function visit(
  catalog: Catalog,
  { campaign, period, last, visits }: VisitRequest,
  rotation: Rotation,
  random: Random,
  bannerBaseUrl: string,
): Visits | undefined {
  const cell = catalog.cellOf(campaign, period);
  if (cell === NONE) return undefined;
  const { bannerIds } = catalog.index;
  const decider = deciderFor(catalog, rotation, random);
  let memory = last;
  const explored: boolean[] = [];
  const shown = Array.from({ length: visits }, () => {
    decider.history.read(memory);
    const banner = decider.decide(cell);
    explored.push(decider.isExplored);
    memory = `${bannerIds[banner]!}${decider.history.tail()}`;
    return banner;
  });
  return {
    campaign,
    period,
    banners: shown.map((banner) => bannerIds[banner]!),
    explored,
    last: memory,
    latest: shown
      .slice(-MAX_DESCRIBED)
      .reverse()
      .map((banner) => shownBanner(catalog, banner, bannerBaseUrl)),
  };
}
