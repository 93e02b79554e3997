/** Explains a cell in sentences: what is in its collection and why, and what is not. It runs in browsers too. */
import { count, counted, moneyText } from "./wording.js";

/** `revenue` is in millionths. */
export interface Ranked {
  readonly revenue: bigint;
  readonly conversions: number;
  readonly clicks: number;
}

export interface ExplainedCell {
  readonly rule: string;
  readonly x: number;
  readonly banners: number;
  /** Those that are always in the collection, in the order of the cut. */
  readonly fixed: readonly Ranked[];
  readonly drawn: number;
  readonly pool: number;
  /** The first banner below the cut; undefined where places are drawn from what is below, or nothing is. */
  readonly below: Ranked | undefined;
}

export type Reason = "revenue" | "clicks" | "pool" | "default";

export const REASON_TEXTS: Readonly<Record<Reason, string>> = {
  revenue: "by revenue",
  clicks: "by clicks",
  pool: "from the pool",
  default: "by default",
};

export function reasonOf(rule: string, conversions: number, clicks: number): Reason {
  if (rule === "default") return "default";
  return conversions > 0 ? "revenue" : clicks > 0 ? "clicks" : "pool";
}

export function ruleSentence(cell: ExplainedCell): string {
  const { x, rule } = cell;
  if (rule === "default")
    return "The campaign has nothing else to show in this period, so it shows its default banner.";
  const has = x === 1 ? "1 banner has" : `${count(x)} banners have`;
  if (rule === "top-10")
    return `X = ${count(x)}: ${has} at least one conversion. That is 10 or more, so the collection is the 10 with the most revenue.`;
  if (rule === "top-x")
    return `X = ${x}: ${has} at least one conversion. That is from 5 to 9, so the collection is these ${x}.`;
  const start =
    x > 0
      ? `X = ${x}: only ${has} at least one conversion. That is from 1 to 4, so the most clicked others are added, to make 5.`
      : "X = 0: no banner has a conversion, so the collection is the 5 most clicked.";
  return `${start}${fillSentence(cell)}`;
}

function fillSentence({ rule, fixed, drawn, pool, banners }: ExplainedCell): string {
  if (drawn > 0) {
    const found = fixed.length === 0 ? "No banner has a click" : `Only ${fixed.length} have clicks`;
    return ` ${found}, so ${placesAre(drawn)} drawn at random, anew at each request, from the ${count(pool)} banners that were shown and never clicked.`;
  }
  const fromPool = fixed.filter(({ conversions, clicks }) => reasonOf(rule, conversions, clicks) === "pool").length;
  if (fromPool === 0) return "";
  return ` The cell has ${counted(banners, "banner")} in all, so every one is in: ${fromPool === 1 ? "1 was" : `${fromPool} were`} shown and never clicked.`;
}

function placesAre(drawn: number): string {
  return drawn === 1 ? "1 place is" : `${drawn} places are`;
}

export function chanceSentence(
  { fixed, drawn }: ExplainedCell,
  rotation: "no-repeat" | "sequence" | "independent",
): string {
  const places = fixed.length + drawn;
  if (places === 1) return "Each request shows this one banner.";
  if (rotation === "sequence")
    return `A visitor sees each of the ${places} once, in random order, before any comes again.`;
  const alike = `Each request shows one of ${places}, each as likely as the other`;
  return rotation === "independent" ? `${alike}.` : `${alike}, but never the one that this visitor saw last.`;
}

export function drawnSentence({ drawn, pool }: ExplainedCell): string {
  return `${placesAre(drawn)} drawn at each request from a pool of ${count(pool)} banners, all different.`;
}

export function cutSentence(cell: ExplainedCell): string {
  const { rule, fixed, drawn, banners, below } = cell;
  if (rule === "default") return "No cut: the default banner is alone in this cell.";
  const above = `The cut: ${counted(fixed.length + drawn, "place")} above this line.`;
  if (drawn > 0) return `${above} Below it is nothing but the pool.`;
  if (below === undefined) return `${above} Nothing below it: every banner of the cell is in.`;
  const left = banners - fixed.length;
  const first = left === 1 ? "The one below it" : `The first of ${count(left)} below it`;
  return `${above} ${first} is not in, with ${shortfall(cell, below)}.`;
}

function shortfall({ rule, fixed }: ExplainedCell, below: Ranked): string {
  const last = fixed.at(-1)!;
  if (last.conversions > 0 && below.conversions === 0)
    return rule === "top-x" ? "no conversion in this cell" : "no conversion, and the last place went to one that has";
  const short = last.revenue - below.revenue;
  if (short > 0n) return `${moneyText(short)} less revenue than the last that is in`;
  const fewer = last.clicks - below.clicks;
  if (fewer > 0) return `${counted(fewer, "click")} fewer than the last that is in`;
  return "the same revenue and clicks as the last that is in, and a higher id";
}
