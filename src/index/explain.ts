/** Explains a cell in sentences: what is in its collection and why, and what is not. It runs in browsers too. */
import type { Rule } from "./sections.js";
import { count, counted, moneyText, percentText } from "./wording.js";

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
  /** The share of decisions that draw from all banners. */
  readonly exploration: number;
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

/** What a rule takes, in the words of a person who advertises. */
export const RULE_TEXTS: Readonly<Record<Rule, string>> = {
  "top-10": "the 10 with the most revenue",
  "top-x": "all with a conversion",
  "fill-by-clicks": "those with a conversion, then the most clicked",
  "by-clicks": "the most clicked",
  default: "the default banner",
};

export function reasonOf(rule: string, conversions: number, clicks: number): Reason {
  if (rule === "default") return "default";
  return conversions > 0 ? "revenue" : clicks > 0 ? "clicks" : "pool";
}

export function ruleSentence(cell: ExplainedCell): string {
  const { x, rule } = cell;
  if (rule === "default")
    return "The campaign has nothing else to show in this period, so it shows its default banner.";
  const converting = counted(x, "banner");
  if (rule === "top-10")
    return `${converting} with a conversion. That is 10 or more, so the 10 with the most revenue are in.`;
  if (rule === "top-x") return `${converting} with a conversion. That is from 5 to 9, so all of them are in.`;
  const start =
    x > 0
      ? `Only ${converting} with a conversion. That is from 1 to 4, so the most clicked others are added, to make 5.`
      : "No banner with a conversion, so the 5 places go to the most clicked.";
  return `${start}${fillSentence(cell)}`;
}

function fillSentence({ rule, fixed, drawn, pool, banners }: ExplainedCell): string {
  if (drawn > 0) {
    const found =
      fixed.length === 0
        ? "No banner has a click"
        : `Only ${fixed.length === 1 ? "1 has" : `${fixed.length} have`} clicks`;
    return ` ${found}, so ${placesAre(drawn)} drawn at random, anew at each request, from the ${count(pool)} banners that were never clicked.`;
  }
  const fromPool = fixed.filter(({ conversions, clicks }) => reasonOf(rule, conversions, clicks) === "pool").length;
  if (fromPool === 0) return "";
  return ` There ${banners === 1 ? "is" : "are"} only ${counted(banners, "banner")} in all, so every one is in: ${fromPool === 1 ? "1 was" : `${fromPool} were`} never clicked.`;
}

function placesAre(drawn: number): string {
  return drawn === 1 ? "1 place is" : `${drawn} places are`;
}

type Rotation = "no-repeat" | "sequence" | "independent";

export function chanceSentence(cell: ExplainedCell, rotation: Rotation): string {
  const byRule = chanceByRule(cell, rotation);
  return cell.exploration === 0 ? byRule : `${byRule} ${explorationSentence(cell)}`;
}

function chanceByRule({ fixed, drawn }: ExplainedCell, rotation: Rotation): string {
  const places = fixed.length + drawn;
  if (places === 1) return "Each request shows this one banner.";
  if (rotation === "sequence")
    return `A visitor sees each of the ${places} once, in random order, before any comes again.`;
  const alike = `Each request shows one of ${places}, each as likely as the other`;
  return rotation === "independent" ? `${alike}.` : `${alike}, but never the one that this visitor saw last.`;
}

function explorationSentence({ fixed, drawn, pool, banners, exploration }: ExplainedCell): string {
  const explored = exploration / banners;
  const place = (1 - exploration) / (fixed.length + drawn);
  const chances = [
    { of: fixed.length, chance: place + explored, where: "that is always in the collection" },
    { of: pool, chance: (place * drawn) / pool + explored, where: "of the pool" },
    { of: banners - fixed.length - pool, chance: explored, where: "behind the cut" },
  ]
    .filter(({ of }) => of > 0)
    .map(({ chance, where }) => `${percentText(chance)} for one ${where}`);
  return (
    `But ${percentText(exploration)} of the requests explore: they draw from all ${count(banners)} banners. ` +
    `That is a chance of ${chances.join(", and of ")}.`
  );
}

export function drawnSentence({ drawn, pool }: ExplainedCell): string {
  return `${placesAre(drawn)} drawn at each request from a pool of ${count(pool)} banners, all different.`;
}

/** `money` writes millionths. */
export function cutSentence(cell: ExplainedCell, money = moneyText): string {
  const { rule, fixed, drawn, banners, below } = cell;
  if (rule === "default") return "No cut: the default banner is alone in this period.";
  const above = `The cut: ${counted(fixed.length + drawn, "place")} above this line.`;
  if (drawn > 0) return `${above} Below it is nothing but the pool.`;
  if (below === undefined) return `${above} Nothing below it: every banner is in.`;
  const left = banners - fixed.length;
  const first = left === 1 ? "The one below it" : `The first of ${count(left)} below it`;
  return `${above} ${first} is not in, with ${shortfall(cell, below, money)}.`;
}

function shortfall({ rule, fixed }: ExplainedCell, below: Ranked, money: typeof moneyText): string {
  const last = fixed.at(-1)!;
  if (last.conversions > 0 && below.conversions === 0)
    return rule === "top-x" ? "no conversion in this period" : "no conversion, and the last place went to one that has";
  const short = last.revenue - below.revenue;
  if (short > 0n) return `${money(short)} less revenue than the last that is in`;
  const fewer = last.clicks - below.clicks;
  if (fewer > 0) return `${counted(fewer, "click")} fewer than the last that is in`;
  return "the same revenue and clicks as the last that is in, and a higher id";
}
