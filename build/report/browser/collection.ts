/** Shows the collection of one cell: what is in and why, the cut, and the first banner below it. */
import {
  chanceSentence,
  cutSentence,
  drawnSentence,
  REASON_TEXTS,
  reasonOf,
  ruleSentence,
} from "../../../src/index/explain.js";
import { count, counted, minutesOf, moneyText } from "../../../src/index/wording.js";
import {
  cellAddress,
  cellOf,
  data,
  firstPeriodOf,
  isOnPage,
  thumbnails,
  type Cell,
  type ShownBanner,
} from "./cells.js";
import { byId, element, row, ruleMark, tableHead, type Child } from "./element.js";

export function showCell(campaign: number, period: number): void {
  const article = byId("cell");
  const hasFocus = article.contains(document.activeElement);
  const cell = cellOf(campaign, period);
  const minutes = period >= 1 && period <= data.periods ? `, minutes ${minutesOf(period, data.periods)}` : "";
  const heading = element("h3", { id: "cell-title", tabindex: -1 }, `Campaign ${campaign}`);
  heading.append(element("small", {}, ` period ${period}${minutes}`));
  if (!isOnPage(campaign)) article.replaceChildren(heading, notOnPage(campaign));
  else
    article.replaceChildren(
      heading,
      periodsOf(campaign, period),
      ...(cell === undefined
        ? [
            element(
              "p",
              { class: "reason" },
              "No events in this period: a request for the campaign gets 404 in these minutes.",
            ),
          ]
        : collectionOf(cell)),
    );
  if (hasFocus) article.querySelector<HTMLElement>("[aria-current]")?.focus();
  byId("announcement").textContent = `Campaign ${campaign}, period ${period}: ${cell?.rule ?? "no cell"}.`;
}

function notOnPage(campaign: number): HTMLElement {
  return element(
    "p",
    { class: "reason" },
    `Campaign ${campaign} is not on this page. To see whether it is in the index: `,
    element("code", {}, `npm run inspect-index -- --campaign ${campaign}`),
  );
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
        : row(
            link,
            element("span", {}, ruleMark(cell.rule), cell.rule),
            count(cell.x),
            moneyText(cell.revenue),
            count(cell.conversions),
            count(cell.clicks),
            count(cell.impressions),
          );
    if (period === selected) made.className = "selected";
    return made;
  });
  const headers = ["Period", "Rule", "X", "Revenue", "Conversions", "Clicks", "Impressions"];
  return element(
    "div",
    { class: "scroll periods", tabindex: 0, role: "region", "aria-label": "The campaign’s periods" },
    element("table", {}, tableHead(headers), element("tbody", {}, ...rows)),
  );
}

function collectionOf(cell: Cell): HTMLElement[] {
  const maxRevenue = Math.max(...cell.fixed.map(({ revenue }) => Number(revenue)), 0);
  const headers = ["Place", "Banner", "Revenue", "Conversions", "Clicks", "Impressions", "In"];
  const table = element(
    "table",
    { class: "collection", role: "table" },
    element("caption", {}, `The collection, from the ${counted(cell.banners, "banner")} of this cell`),
    element(
      "thead",
      { role: "rowgroup" },
      element(
        "tr",
        { role: "row" },
        ...headers.map((text) => element("th", { scope: "col", role: "columnheader" }, text)),
      ),
    ),
    element(
      "tbody",
      { role: "rowgroup" },
      ...cell.fixed.map((banner, at) =>
        bannerRow(banner, String(at + 1), REASON_TEXTS[reasonOf(banner.conversions, banner.clicks)], maxRevenue),
      ),
      ...(cell.drawn > 0 ? [wideRow("drawn", ...drawnPlaces(cell))] : []),
      wideRow("cut", cutSentence(cell)),
      ...(cell.below === undefined ? [] : [bannerRow(cell.below, "–", "not in", maxRevenue, "below")]),
    ),
  );
  return [
    element("p", { class: "reason" }, ruleMark(cell.rule), element("strong", {}, cell.rule), ` ${ruleSentence(cell)}`),
    element("p", { class: "chance" }, chanceSentence(cell, "no-repeat")),
    table,
  ];
}

function bannerRow(banner: ShownBanner, place: string, reason: string, maxRevenue: number, kind = "in"): HTMLElement {
  const revenue = Number(banner.revenue);
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${revenue > 0 ? Math.min(100, Math.max(1, (100 * revenue) / maxRevenue)) : 0}%`;
  const number = (label: string, value: number): HTMLElement =>
    element("td", { role: "cell", class: "number", "data-label": value === 1 ? label : `${label}s` }, count(value));
  return element(
    "tr",
    { role: "row", class: kind, "data-banner": banner.banner },
    element("td", { role: "cell", class: "place" }, place),
    element("th", { role: "rowheader", scope: "row" }, thumbnailOf(banner.banner), element("span", {}, banner.banner)),
    element("td", { role: "cell", class: "revenue number" }, element("span", {}, moneyText(banner.revenue)), bar),
    number("conversion", banner.conversions),
    number("click", banner.clicks),
    number("impression", banner.impressions),
    element("td", { role: "cell", class: "in" }, reason),
  );
}

function thumbnailOf(banner: number): HTMLElement {
  const source = thumbnails[banner];
  if (source === undefined) return element("span", { class: "thumbnail tile", "aria-hidden": "true" }, banner);
  return element("img", { class: "thumbnail", src: source, alt: "" });
}

function wideRow(kind: string, ...children: readonly Child[]): HTMLElement {
  return element("tr", { role: "row", class: kind }, element("td", { role: "cell", colspan: 7 }, ...children));
}

function drawnPlaces(cell: Cell): Child[] {
  const further = cell.pool - cell.poolIds.length;
  return [
    element("span", { class: "dice", "aria-hidden": "true" }, "?".repeat(cell.drawn)),
    `${drawnSentence(cell)} `,
    element(
      "details",
      {},
      element("summary", {}, "Show the pool"),
      cell.poolIds.join(", "),
      further > 0 ? ` and ${count(further)} more` : undefined,
    ),
  ];
}

/** The cell that is open at first: of the campaign with the most revenue. */
export function firstCell(): { campaign: number; period: number } | undefined {
  const [campaign] = data.campaigns;
  return campaign === undefined ? undefined : { campaign, period: firstPeriodOf(campaign) };
}
