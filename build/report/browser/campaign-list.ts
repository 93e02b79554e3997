/** The campaigns to a list that is searched by id and walked with the keyboard. */
import { cellAddress, cellOf, data, firstPeriodOf } from "./cells.js";
import { byId, element, row, type Child } from "./element.js";
import { ruleMark } from "./rules.js";
import { count, counted, revenueText } from "./wording.js";

/** With more periods than these, a row has no room for each. */
const MOST_PERIODS_IN_ROW = 6;

const search = byId("search") as HTMLInputElement;
const rowOf = new Map<number, HTMLTableRowElement>();

function campaignRow(campaign: number, place: number): HTMLTableRowElement {
  const link = element("a", { href: cellAddress(campaign, firstPeriodOf(campaign)), tabindex: -1 }, campaign);
  const cells: Child[] = [];
  if (data.periods <= MOST_PERIODS_IN_ROW)
    for (let period = 1; period <= data.periods; period++) {
      const cell = cellOf(campaign, period);
      cells.push(
        cell === undefined
          ? element("span", { class: "none" }, "–")
          : element(
              "a",
              {
                href: cellAddress(campaign, period),
                tabindex: -1,
                title: `Period ${period}: ${cell.rule}, X = ${cell.x}`,
              },
              ruleMark(cell.rule),
              cell.x,
            ),
      );
    }
  return row(link, revenueText(data.campaign_revenue[place]!), ...cells);
}

const visibleRows = (): HTMLTableRowElement[] => [...rowOf.values()].filter((each) => !each.hidden);

function linkOf(campaign: HTMLTableRowElement | undefined): HTMLAnchorElement | null {
  return campaign?.querySelector("a") ?? null;
}

function narrow(): void {
  const sought = search.value.trim();
  for (const [campaign, each] of rowOf) each.hidden = !String(campaign).startsWith(sought);
  const left = visibleRows().length;
  const out = data.campaigns_left_out;
  byId("found").textContent =
    (sought === "" ? counted(left, "campaign") : `${count(left)} of ${counted(rowOf.size, "campaign")}`) +
    (left === 0 && out > 0 ? "; not all are on this page" : "");
}

/** Enter opens the campaign that has just this id, or else the first that is left. */
function openSought(): void {
  const exact = rowOf.get(Number(search.value.trim()));
  linkOf(exact ?? visibleRows()[0])?.click();
}

function moveFrom(from: Element | null, by: number): void {
  const rows = [...byId("campaigns").querySelectorAll<HTMLTableRowElement>("tr:not([hidden])")];
  const at = rows.findIndex((each) => each.contains(from));
  const to = rows[at + by];
  if (to === undefined) search.focus();
  else linkOf(to)?.focus();
}

/** Puts the rows in this order. */
export function orderCampaigns(campaigns: readonly number[]): void {
  byId("campaigns").append(...campaigns.map((campaign) => rowOf.get(campaign)!));
}

/** Marks the row of a campaign, and makes it the one that Tab goes to. */
export function markCampaign(campaign: number): void {
  for (const marked of byId("campaigns").querySelectorAll(".selected")) {
    marked.classList.remove("selected");
    linkOf(marked as HTMLTableRowElement)?.setAttribute("tabindex", "-1");
  }
  const selected = rowOf.get(campaign);
  selected?.classList.add("selected");
  linkOf(selected)?.setAttribute("tabindex", "0");
  if (selected !== undefined) scrollTo(selected);
}

/** Within the list only: the page itself stays where it is. */
function scrollTo(selected: HTMLElement): void {
  const list = byId("campaign-list");
  const top = selected.offsetTop;
  if (top - 40 < list.scrollTop || top + selected.offsetHeight > list.scrollTop + list.clientHeight)
    list.scrollTop = top - list.clientHeight / 2;
}

export function showCampaigns(): void {
  data.campaigns.forEach((campaign, place) => rowOf.set(campaign, campaignRow(campaign, place)));
  orderCampaigns(data.campaigns);
  const periods = data.periods <= MOST_PERIODS_IN_ROW ? data.periods : 0;
  byId("campaign-headers").append(
    ...Array.from({ length: periods }, (_, at) =>
      element("th", { scope: "col" }, element("abbr", { title: `X in period ${at + 1}` }, `X ${at + 1}`)),
    ),
  );
  search.addEventListener("input", narrow);
  byId("chooser").addEventListener("keydown", (event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" && event.target === search) openSought();
    else if (by === 1 && event.target === search) moveFrom(null, by);
    else if (by !== 0 && event.target !== search) moveFrom(document.activeElement, by);
    else return;
    event.preventDefault();
  });
  narrow();
}
