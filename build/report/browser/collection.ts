/** Shows the collection of one cell: what is in and why, the cut, and the first banner below it. */
import * as explain from "../../../src/index/explain.js";
import { count, counted, minutesOf, moneyText } from "../../../src/index/wording.js";
import { cellAddress, cellOf, data, FIGURE_NAMES, figureTexts, indexOfCampaign, thumbnails } from "./cells.js";
import type { Cell, ShownBanner } from "./cells.js";
import { byId, element, row, ruleMark, tableHead, type Child } from "./element.js";

export function showCell(campaign: number, period: number): void {
  const article = byId("cell");
  const hasFocus = article.contains(document.activeElement);
  const cell = cellOf(campaign, period);
  const minutes = period >= 1 && period <= data.periods ? `, minutes ${minutesOf(period, data.periods)}` : "";
  const heading = element("h3", { id: "cell-title", tabindex: -1 }, `Campaign ${campaign}`);
  heading.append(element("small", {}, ` period ${period}${minutes}`));
  article.replaceChildren(heading);
  if (!indexOfCampaign.has(campaign))
    article.append(
      reason(
        `Campaign ${campaign} is not on this page. To see whether it is in the index: `,
        element("code", {}, `npm run inspect-index -- --campaign ${campaign}`),
      ),
    );
  else if (cell !== undefined) article.append(periodsOf(campaign, period), ...collectionOf(cell));
  else {
    const text = "No events in this period: a request for the campaign gets 404 in these minutes.";
    article.append(periodsOf(campaign, period), reason(text));
  }
  if (hasFocus) article.querySelector<HTMLElement>("[aria-current]")?.focus();
  byId("announcement").textContent = `Campaign ${campaign}, period ${period}: ${cell?.rule ?? "no cell"}.`;
}

function reason(...children: Child[]): HTMLElement {
  return element("p", { class: "reason" }, ...children);
}

/** The cells of a campaign, as links. */
function periodsOf(campaign: number, selected: number): HTMLElement {
  const rows = Array.from({ length: data.periods }, (_, at) => {
    const period = at + 1;
    const cell = cellOf(campaign, period);
    const link = element("a", { href: cellAddress(campaign, period) }, `${period}`);
    link.append(element("small", {}, ` ${minutesOf(period, data.periods)}`));
    if (period === selected) link.setAttribute("aria-current", "true");
    const made =
      cell === undefined
        ? row(link, element("span", { class: "none" }, "no cell"), "", "", "", "", "")
        : row(link, element("span", {}, ruleMark(cell.rule), cell.rule), count(cell.x), ...figureTexts(cell));
    if (period === selected) made.className = "selected";
    return made;
  });
  return element(
    "div",
    { class: "scroll periods", tabindex: 0, role: "region", "aria-label": "The campaign’s periods" },
    element("table", {}, tableHead(["Period", "Rule", "X", ...FIGURE_NAMES]), element("tbody", {}, ...rows)),
  );
}

function collectionOf(cell: Cell): HTMLElement[] {
  const maxRevenue = Math.max(...cell.fixed.map(({ revenue }) => Number(revenue)), 0);
  const table = element(
    "table",
    { class: "collection", role: "table" },
    element("caption", {}, `The collection, from the ${counted(cell.banners, "banner")} of this cell`),
    tableHead(["Place", "Banner", ...FIGURE_NAMES, "In"]),
    element(
      "tbody",
      {},
      ...cell.fixed.map((banner, at) => {
        const why = explain.REASON_TEXTS[explain.reasonOf(banner.conversions, banner.clicks)];
        return bannerRow(banner, String(at + 1), why, maxRevenue);
      }),
      cell.drawn > 0 ? wideRow("drawn", ...drawnPlaces(cell)) : undefined,
      wideRow("cut", explain.cutSentence(cell)),
      cell.below && bannerRow(cell.below, "–", "not in", maxRevenue, "below"),
    ),
  );
  // On a narrow screen no part of it has the display of a table, which would take the roles away.
  for (const [selector, role] of Object.entries(ROLES))
    for (const part of table.querySelectorAll(selector)) part.setAttribute("role", role);
  return [
    reason(ruleMark(cell.rule), element("strong", {}, cell.rule), ` ${explain.ruleSentence(cell)}`),
    element("p", { class: "chance" }, explain.chanceSentence(cell, "no-repeat")),
    table,
  ];
}

const ROLES = {
  "thead, tbody": "rowgroup",
  tr: "row",
  "thead th": "columnheader",
  "tbody th": "rowheader",
  td: "cell",
};

function bannerRow(banner: ShownBanner, place: string, reason: string, maxRevenue: number, kind = "in"): HTMLElement {
  const revenue = Number(banner.revenue);
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${revenue > 0 ? Math.min(100, Math.max(1, (100 * revenue) / maxRevenue)) : 0}%`;
  const number = (label: string, value: number): HTMLElement =>
    element("td", { class: "number", "data-label": value === 1 ? label : `${label}s` }, count(value));
  return element(
    "tr",
    { class: kind, "data-banner": banner.banner },
    element("td", { class: "place" }, place),
    element("th", { scope: "row" }, thumbnailOf(banner.banner), element("span", {}, banner.banner)),
    element("td", { class: "revenue number" }, element("span", {}, moneyText(banner.revenue)), bar),
    number("conversion", banner.conversions),
    number("click", banner.clicks),
    number("impression", banner.impressions),
    element("td", { class: "in" }, reason),
  );
}

function thumbnailOf(banner: number): HTMLElement {
  const source = thumbnails[banner];
  if (source === undefined) return element("span", { class: "thumbnail tile", "aria-hidden": "true" }, banner);
  return element("img", { class: "thumbnail", src: source, alt: "" });
}

function wideRow(kind: string, ...children: readonly Child[]): HTMLElement {
  return element("tr", { class: kind }, element("td", { colspan: 7 }, ...children));
}

function drawnPlaces(cell: Cell): Child[] {
  const further = cell.pool - cell.poolIds.length;
  return [
    element("span", { class: "dice", "aria-hidden": "true" }, "?".repeat(cell.drawn)),
    `${explain.drawnSentence(cell)} `,
    element(
      "details",
      {},
      element("summary", {}, "Show the pool"),
      cell.poolIds.join(", "),
      further > 0 ? ` and ${count(further)} more` : undefined,
    ),
  ];
}
