/** Reads and writes what a list of campaigns is asked for, as it stands in addresses. It runs in browsers too. */
import { LARGEST_ID } from "../index/ids.js";
import { RULES, type Rule } from "../index/sections.js";

/** `x` is the greatest of all periods for the whole hour. */
export const SORTS = [
  "campaign",
  "name",
  "banners",
  "impressions",
  "clicks",
  "conversions",
  "revenue",
  "ctr",
  "conversion_rate",
  "revenue_per_click",
  "revenue_per_mille",
  "share",
  "x",
] as const;
export type Sort = (typeof SORTS)[number];

export const DIRECTIONS = ["ascending", "descending"] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface CampaignQuery {
  /** First digits of an id, a part of a name, a banner's id, or a part of its text or its link's host; "" for all. */
  readonly search: string;
  /** 0 for the whole hour; else figures, rule and X are of this period, and so is a cell of each campaign found. */
  readonly period: number;
  /** Of the period, or of any for the whole hour; of one cell together with X. */
  readonly rule: Rule | undefined;
  /** Inclusive. */
  readonly minX: number;
  readonly maxX: number;
  /** Only those that differ from the index before. */
  readonly changed: boolean;
  readonly sort: Sort;
  readonly direction: Direction;
  readonly offset: number;
  /** 1 to MAX_LIMIT. */
  readonly limit: number;
}

export const MAX_SEARCH = 50;
export const DEFAULT_LIMIT = 100;
/** With more, an answer would take long to write, and others would wait: one that wants all rows asks page by page. */
export const MAX_LIMIT = 1000;

export const DEFAULT_QUERY: CampaignQuery = {
  search: "",
  period: 0,
  rule: undefined,
  minX: 0,
  maxX: Infinity,
  changed: false,
  sort: "revenue",
  direction: "descending",
  offset: 0,
  limit: DEFAULT_LIMIT,
};

/** In addresses, where it is not the member's. */
const NAMES: Partial<Readonly<Record<keyof CampaignQuery, string>>> = { minX: "min_x", maxX: "max_x" };

/** An empty value is as if absent, and other names are ignored. Returns a line where something is wrong. */
export function readCampaignQuery(parameters: URLSearchParams, periods: number): CampaignQuery | string {
  const wrong: string[] = [];
  const textOf = (name: string): string => (parameters.get(name) ?? "").trim();
  const refuse = (name: string, expected: string): void => {
    wrong.push(`${name}: got ${JSON.stringify(textOf(name).slice(0, MAX_SEARCH))}, expected ${expected}.`);
  };
  const numberOf = (name: string, fallback: number, least: number, most: number): number => {
    const text = textOf(name);
    if (text === "") return fallback;
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) refuse(name, `a whole number from ${least} to ${most}`);
    return value;
  };
  const oneOf = <Value extends string, Else>(name: string, values: readonly Value[], fallback: Else): Value | Else => {
    const text = textOf(name);
    if (text === "") return fallback;
    const value = values.find((each) => each === text);
    if (value === undefined) refuse(name, values.length === 1 ? values[0]! : `one of ${values.join(", ")}`);
    return value ?? fallback;
  };
  const search = textOf("search");
  if (search.length > MAX_SEARCH) refuse("search", `at most ${MAX_SEARCH} characters`);
  const query: CampaignQuery = {
    search,
    period: numberOf("period", DEFAULT_QUERY.period, 0, periods),
    rule: oneOf("rule", RULES, undefined),
    minX: numberOf("min_x", DEFAULT_QUERY.minX, 0, LARGEST_ID),
    maxX: numberOf("max_x", DEFAULT_QUERY.maxX, 0, LARGEST_ID),
    changed: oneOf("changed", ["on"], undefined) === "on",
    sort: oneOf("sort", SORTS, DEFAULT_QUERY.sort),
    direction: oneOf("direction", DIRECTIONS, DEFAULT_QUERY.direction),
    offset: numberOf("offset", DEFAULT_QUERY.offset, 0, LARGEST_ID),
    limit: numberOf("limit", DEFAULT_QUERY.limit, 1, MAX_LIMIT),
  };
  return wrong[0] ?? query;
}

/** What is as by default is left out. */
export function writeCampaignQuery(query: CampaignQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const key of Object.keys(DEFAULT_QUERY) as (keyof CampaignQuery)[])
    if (query[key] !== DEFAULT_QUERY[key])
      parameters.set(NAMES[key] ?? key, key === "changed" ? "on" : String(query[key]));
  return parameters;
}
