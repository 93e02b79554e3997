/** The page's data to the page: the account, the charts, and the cell that its address names. */
import { showAccount } from "./account.js";
import { markCampaign, orderCampaigns, showCampaigns } from "./campaign-list.js";
import { data, readCellAddress } from "./cells.js";
import { firstCell, showCell } from "./collection.js";
import { byId } from "./element.js";
import { showRevenueChart } from "./revenue-chart.js";
import { bytesText, count, counted } from "./wording.js";
import { showXChart } from "./x-chart.js";

let order = data.campaigns;

/** The cell that the address names; another address is a place in the page, and changes nothing. */
function openAddress(): void {
  const cell = readCellAddress(location.hash);
  if (cell === undefined) return;
  showCell(cell.campaign, cell.period);
  markCampaign(cell.campaign);
  // Below the list on a narrow screen, and anywhere after a click on a chart.
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
      images.too_large > 0 ? `${counted(images.too_large, "image")} larger than ${bytesText(images.most_bytes)}` : "",
      images.beyond_total > 0
        ? `${count(images.beyond_total)} beyond the ${bytesText(images.most_bytes_in_all)} that fit into one page, of the least revenue`
        : "",
    ].filter((reason) => reason !== "");
    byId("images-left-out").hidden = false;
    byId("images-left-out").textContent =
      `${counted(tiles, "banner")} shown as a tile with the id: ${reasons.join("; ")}.`;
  }
}

showAccount(data);
showLimits();
showCampaigns();
const charts = [showRevenueChart(() => order), showXChart(() => order)];
byId("order").addEventListener("change", (event) => {
  const isById = (event.target as HTMLInputElement).value === "id";
  order = isById ? [...data.campaigns].sort((a, b) => a - b) : data.campaigns;
  orderCampaigns(order);
  for (const chart of charts) chart.draw();
});
addEventListener("hashchange", openAddress);
const first = readCellAddress(location.hash) ?? firstCell();
if (first !== undefined) {
  showCell(first.campaign, first.period);
  markCampaign(first.campaign);
}
document.documentElement.dataset["ready"] = "true";
