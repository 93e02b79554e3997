/** Reads for which visits of one visitor is asked: they are decided as by the public port, and uncounted. */
import type { VisitRequest } from "../decision/visits.js";
import { readId } from "../index/ids.js";

export const MAX_VISITS = 1000;

export function readVisits(query: URLSearchParams, periods: number): VisitRequest | string {
  const wrong = (name: string, expected: string): string =>
    `${name}: got ${JSON.stringify(query.get(name) ?? "")}, expected ${expected}.`;
  const campaign = readId(query.get("campaign") ?? "");
  if (campaign === 0) return wrong("campaign", "a campaign's id");
  const period = readId(query.get("period") ?? "");
  if (period === 0 || period > periods) return wrong("period", `a whole number from 1 to ${periods}`);
  const visits = readId(query.get("visits") ?? "1");
  if (visits === 0 || visits > MAX_VISITS) return wrong("visits", `a whole number from 1 to ${MAX_VISITS}`);
  return { campaign, period, last: query.get("last") ?? "", visits };
}
