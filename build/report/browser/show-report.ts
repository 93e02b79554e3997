/** Shows the report: the account, the charts, and the cell that the address names. */
import { count, counted } from "../../../src/index/wording.js";
import { bytesText, showAccount } from "./account.js";
import { markCampaign, orderCampaigns, showCampaigns } from "./campaign-list.js";
import { data, firstPeriodOf, readCellAddress } from "./cells.js";
import { showCell } from "./collection.js";
import { showDifference } from "./difference.js";
import { byId } from "./parts.js";
import { showRevenueChart } from "./revenue-chart.js";
import { showXChart } from "./x-chart.js";

let order = data.campaigns;

function openAddress(): void {
  const cell = readCellAddress(location.hash);
  if (cell === undefined) return;
  showCell(cell.campaign, cell.period);
  markCampaign(cell.campaign);
  // It is below the list on a narrow screen, and anywhere after a click on a chart.
  const { top } = byId("cell").getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) byId("cell").scrollIntoView();
}

function showLimits(): void {
  const { campaigns_left_out: campaigns, images_left_out: images } = data;
  if (campaigns > 0) {
    byId("campaigns-left-out").hidden = false;
    byId("campaigns-left-out-count").textContent =
      `The charts and the list have the ${counted(data.campaigns.length, "campaign")} with the most revenue; ` +
      `${count(campaigns)} more ${campaigns === 1 ? "is" : "are"} left out, to keep this page small.`;
  }
  const tiles = images.too_large + images.beyond_total;
  if (tiles > 0) {
    const reasons = [
      images.too_large > 0 ? `${counted(images.too_large, "image")} larger than ${bytesText(images.max_bytes)}` : "",
      images.beyond_total > 0
        ? `${count(images.beyond_total)} beyond the ${bytesText(images.max_total_bytes)} that fit into one page, of the least revenue`
        : "",
    ].filter((reason) => reason !== "");
    byId("images-left-out").hidden = false;
    byId("images-left-out").textContent =
      `${counted(tiles, "banner")} shown as a tile with the id: ${reasons.join("; ")}.`;
  }
}

showAccount(data);
showDifference(data);
showLimits();
showCampaigns();
export const charts = [showRevenueChart(() => order), showXChart(() => order)];
byId("order").addEventListener("change", (event) => {
  const isById = (event.target as HTMLInputElement).value === "id";
  order = isById ? [...data.campaigns].sort((a, b) => a - b) : data.campaigns;
  orderCampaigns(order);
  for (const chart of charts) chart.draw();
});
addEventListener("hashchange", openAddress);
// At first, the campaign with the most revenue is open. An index has at least one.
const best = data.campaigns[0]!;
const { campaign, period } = readCellAddress(location.hash) ?? { campaign: best, period: firstPeriodOf(best) };
showCell(campaign, period);
markCampaign(campaign);
document.documentElement.dataset["ready"] = "true";
