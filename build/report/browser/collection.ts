/** One cell to its collection: what is in and why, the cut line, and the first banner below it. */
import {
  cellAddress,
  cellOf,
  data,
  firstPeriodOf,
  revenueOf,
  thumbnails,
  type Cell,
  type ShownBanner,
} from "./cells.js";
import { byId, element, row, type Child } from "./element.js";
import { belowSentence, chanceSentence, reasonOf, ruleSentence } from "./reasons.js";
import { ruleMark } from "./rules.js";
import { count, counted, minutesOf, revenueText } from "./wording.js";

const REASONS = { revenue: "by revenue", clicks: "by clicks", pool: "from the pool" };

export function showCell(campaign: number, period: number): void {
  const place = byId("cell");
  const hasFocus = place.contains(document.activeElement);
  const cell = cellOf(campaign, period);
  const minutes = period >= 1 && period <= data.periods ? `, minutes ${minutesOf(period, data.periods)}` : "";
  const heading = element("h3", { id: "cell-title", tabindex: -1 }, `Campaign ${campaign}`);
  heading.append(element("small", {}, ` period ${period}${minutes}`));
  if (revenueOf(campaign) === undefined) place.replaceChildren(heading, notOnPage(campaign));
  else
    place.replaceChildren(
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
  if (hasFocus) place.querySelector<HTMLElement>("[aria-current]")?.focus();
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

/** The campaign's cells, to go from one to the other. */
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
            revenueText(cell.revenue),
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
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...headers.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows),
    ),
  );
}

function collectionOf(cell: Cell): HTMLElement[] {
  const most = Math.max(...cell.fixed.map(({ revenue }) => Number(revenue)), 0);
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
      ...cell.fixed.map((banner, at) => bannerRow(banner, String(at + 1), REASONS[reasonOf(banner)], most)),
      ...(cell.drawn > 0 ? [wideRow("drawn", ...drawnPlaces(cell))] : []),
      wideRow("cut", ...cutLine(cell)),
      ...(cell.firstBelow === undefined ? [] : [bannerRow(cell.firstBelow, "–", "not in", most, "below")]),
    ),
  );
  return [
    element("p", { class: "reason" }, ruleMark(cell.rule), element("strong", {}, cell.rule), ` ${ruleSentence(cell)}`),
    element("p", { class: "chance" }, chanceSentence(cell)),
    table,
  ];
}

function bannerRow(banner: ShownBanner, place: string, reason: string, most: number, kind = "in"): HTMLElement {
  const revenue = Number(banner.revenue);
  const bar = element("span", { class: "bar", "aria-hidden": "true" });
  bar.style.width = `${revenue > 0 ? Math.min(100, Math.max(1, (100 * revenue) / most)) : 0}%`;
  const number = (label: string, value: number): HTMLElement =>
    element("td", { role: "cell", class: "number", "data-label": value === 1 ? label : `${label}s` }, count(value));
  return element(
    "tr",
    { role: "row", class: kind, "data-banner": banner.banner },
    element("td", { role: "cell", class: "place" }, place),
    element("th", { role: "rowheader", scope: "row" }, thumbnailOf(banner.banner), element("span", {}, banner.banner)),
    element("td", { role: "cell", class: "revenue number" }, element("span", {}, revenueText(banner.revenue)), bar),
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

function cutLine(cell: Cell): Child[] {
  const all = cell.fixed.length + cell.drawn;
  const below = cell.banners - cell.fixed.length;
  const inWords = `${counted(all, "place")} above this line`;
  if (cell.drawn > 0) return [`The cut: ${inWords}. Below it is nothing but the pool.`];
  if (below === 0) return [`The cut: ${inWords}. Nothing below it: every banner of the cell is in.`];
  const others = below === 1 ? "The one below it" : `The first of ${count(below)} below it`;
  return [
    `The cut: ${inWords}. `,
    ...(cell.firstBelow ? [`${others} is not in, with ${belowSentence(cell, cell.firstBelow)}.`] : []),
  ];
}

function drawnPlaces(cell: Cell): Child[] {
  const further = cell.pool - cell.poolIds.length;
  return [
    element("span", { class: "dice", "aria-hidden": "true" }, "?".repeat(cell.drawn)),
    `${cell.drawn === 1 ? "1 place is" : `${cell.drawn} places are`} drawn at each request from a pool of ${count(cell.pool)} banners, all different. `,
    element(
      "details",
      {},
      element("summary", {}, "Show the pool"),
      cell.poolIds.join(", "),
      further > 0 ? ` and ${count(further)} more` : undefined,
    ),
  ];
}

/** What is open when nothing has been chosen: the campaign with the most revenue. */
export function firstCell(): { campaign: number; period: number } | undefined {
  const [campaign] = data.campaigns;
  return campaign === undefined ? undefined : { campaign, period: firstPeriodOf(campaign) };
}
