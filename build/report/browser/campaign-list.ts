/** Shows the list of campaigns, to be searched by id or name and walked with the keyboard. */
import { count, counted, moneyText } from "../../../src/index/wording.js";
import { html, type Html } from "../../../src/response/html.js";
import { campaignName, ruleMark } from "../../../src/admin/dashboard/drawings.js";
import { cellAddress, cellOf, data, firstPeriodOf, nameOf, periods } from "./cells.js";
import { byId, fill, row } from "./parts.js";

/** A row has no room for more than six. */
const periodsInRow = periods.length <= 6 ? periods : [];

const search = byId("search") as HTMLInputElement;
const rowOf = new Map<number, HTMLTableRowElement>();

function campaignRow(campaign: number, index: number): Html {
  const link = html`<a href="${cellAddress(campaign, firstPeriodOf(campaign))}" tabindex="-1"
    >${campaign}${campaignName(nameOf(campaign))}</a
  >`;
  const cells = periodsInRow.map((period) => cellLink(campaign, period));
  return row([link, moneyText(BigInt(data.campaign_revenue[index]!)), ...cells]);
}

function cellLink(campaign: number, period: number): Html {
  const cell = cellOf(campaign, period);
  if (cell === undefined) return html`<span class="none">–</span>`;
  const { rule, x } = cell;
  const title = `Period ${period}: ${rule}, X = ${x}`;
  return html`<a href="${cellAddress(campaign, period)}" tabindex="-1" title="${title}">${ruleMark(rule)}${x}</a>`;
}

const visibleRows = (): HTMLTableRowElement[] => [...rowOf.values()].filter((each) => !each.hidden);

function linkOf(campaign: HTMLTableRowElement | undefined): HTMLAnchorElement | null {
  return campaign?.querySelector("a") ?? null;
}

function narrow(): void {
  const sought = search.value.trim().toLowerCase();
  const isFound = (campaign: number): boolean =>
    String(campaign).startsWith(sought) || nameOf(campaign).toLowerCase().includes(sought);
  for (const [campaign, each] of rowOf) each.hidden = !isFound(campaign);
  const left = visibleRows().length;
  const out = data.campaigns_left_out;
  byId("found").textContent =
    (sought === "" ? counted(left, "campaign") : `${count(left)} of ${counted(rowOf.size, "campaign")}`) +
    (left === 0 && out > 0 ? "; not all are on this page" : "");
}

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

export function orderCampaigns(campaigns: readonly number[]): void {
  byId("campaigns").append(...campaigns.map((campaign) => rowOf.get(campaign)!));
}

export function markCampaign(campaign: number): void {
  for (const marked of byId("campaigns").querySelectorAll(".open")) {
    marked.classList.remove("open");
    linkOf(marked as HTMLTableRowElement)?.setAttribute("tabindex", "-1");
  }
  const selected = rowOf.get(campaign);
  selected?.classList.add("open");
  linkOf(selected)?.setAttribute("tabindex", "0");
  if (selected !== undefined) scrollTo(selected);
}

/** Scrolls the list only, not the page. */
function scrollTo(selected: HTMLElement): void {
  const list = byId("campaign-list");
  const top = selected.offsetTop;
  if (top - 40 < list.scrollTop || top + selected.offsetHeight > list.scrollTop + list.clientHeight)
    list.scrollTop = top - list.clientHeight / 2;
}

export function showCampaigns(): void {
  const headers = periodsInRow.map(
    (period) => html`<th scope="col"><abbr title="X in period ${period}">X ${period}</abbr></th>`,
  );
  byId("campaign-headers").insertAdjacentHTML("beforeend", html`${headers}`.text);
  fill("campaigns", html`${data.campaigns.map(campaignRow)}`);
  const rows = byId("campaigns").querySelectorAll("tr");
  data.campaigns.forEach((campaign, index) => rowOf.set(campaign, rows[index]!));
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
