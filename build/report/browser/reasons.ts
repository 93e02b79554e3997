/** A cell to the sentences that say why its banners are in, and why the next one is not. */
import type { Cell, ShownBanner } from "./cells.js";
import { count, counted, exactText, millionths, revenueText } from "./wording.js";

/** What put a banner into the collection. */
export function reasonOf({ conversions, clicks }: ShownBanner): "revenue" | "clicks" | "pool" {
  return conversions > 0 ? "revenue" : clicks > 0 ? "clicks" : "pool";
}

/** The rule that applied, with this cell's numbers. */
export function ruleSentence(cell: Cell): string {
  const { x, banners } = cell;
  const has = x === 1 ? "1 banner has" : `${count(x)} banners have`;
  if (cell.rule === "top-10")
    return `X = ${count(x)}: ${has} at least one conversion. That is 10 or more, so the collection is the 10 with the most revenue.`;
  if (cell.rule === "top-x")
    return `X = ${x}: ${has} at least one conversion. That is from 5 to 9, so the collection is these ${x}.`;
  const start =
    x > 0
      ? `X = ${x}: only ${has} at least one conversion. That is from 1 to 4, so the most clicked others are added, to make 5.`
      : "X = 0: no banner has a conversion, so the collection is the 5 most clicked.";
  if (cell.drawn > 0) {
    const found = cell.fixed.length === 0 ? "No banner has a click" : `Only ${cell.fixed.length} have clicks`;
    const places = cell.drawn === 1 ? "1 place is" : `${cell.drawn} places are`;
    return `${start} ${found}, so ${places} drawn at random, anew at each request, from the ${count(cell.pool)} banners that were shown and never clicked.`;
  }
  const fromPool = cell.fixed.filter((banner) => reasonOf(banner) === "pool").length;
  if (fromPool === 0) return start;
  const all =
    banners === cell.fixed.length ? `The cell has ${counted(banners, "banner")} in all, so every one is in` : "";
  return `${start} ${all}: ${fromPool === 1 ? "1 was" : `${fromPool} were`} shown and never clicked.`;
}

/** How often each banner is shown: places are alike, whatever their revenue. */
export function chanceSentence(cell: Cell): string {
  const places = cell.fixed.length + cell.drawn;
  if (places === 1) return "Each request shows this one banner.";
  return `Each request shows one of ${places}, each as likely as the other, but never the one that this visitor saw last.`;
}

/** Why the first banner below the cut is not in. */
export function belowSentence(cell: Cell, below: ShownBanner): string {
  const last = cell.fixed.at(-1)!;
  if (last.conversions > 0 && below.conversions === 0)
    return cell.rule === "top-x"
      ? "no conversion in this cell"
      : `no conversion, and the last place went to one that has`;
  const short = millionths(last.revenue) - millionths(below.revenue);
  if (short > 0n) return `${revenueText(exactText(short))} less revenue than the last that is in`;
  const fewer = last.clicks - below.clicks;
  if (fewer > 0) return `${counted(fewer, "click")} fewer than the last that is in`;
  return "the same revenue and clicks as the last that is in, and a higher id";
}
