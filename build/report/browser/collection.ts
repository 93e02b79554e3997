/** Shows the cells of a campaign, and the collection of one of them. */
import { explainedCell } from "../../../src/admin/dashboard/explained-cell.js";
import { campaignName, ruleMark } from "../../../src/admin/dashboard/drawings.js";
import { chanceSentence } from "../../../src/index/explain.js";
import { count, minutesOf } from "../../../src/index/wording.js";
import { html, type Html } from "../../../src/response/html.js";
import {
  cellAddress,
  cellOf,
  cellsOfCampaign,
  data,
  FIGURE_NAMES,
  figureTexts,
  nameOf,
  periods,
  thumbnails,
} from "./cells.js";
import type { Cell, ShownBanner } from "./cells.js";
import { byId, fill, row, tableHead } from "./parts.js";

export function showCell(campaign: number, period: number): void {
  const hasFocus = byId("cell").contains(document.activeElement);
  const cell = cellOf(campaign, period);
  const minutes = periods.includes(period) ? `, minutes ${minutesOf(period, data.periods)}` : "";
  fill(
    "cell",
    html`<h3 id="cell-title" tabindex="-1">
        Campaign ${campaign}${campaignName(nameOf(campaign))} <small>period ${period}${minutes}</small>
      </h3>
      ${
        cellsOfCampaign.has(campaign)
          ? html`${periodTable(campaign, period)} ${collectionOf(cell)}`
          : html`<p>
              Campaign ${campaign} is not on this page. To see whether it is in the index:
              <code>npm run inspect-index -- --campaign ${campaign}</code>
            </p>`
      }`,
  );
  if (hasFocus) byId("cell").querySelector<HTMLElement>("[aria-current]")?.focus();
  byId("announcement").textContent = `Campaign ${campaign}, period ${period}: ${cell?.rule ?? "no cell"}.`;
}

function periodTable(campaign: number, selected: number): Html {
  const rows = periods.map((period) => {
    const cell = cellOf(campaign, period);
    const isSelected = period === selected;
    const link = html`<a href="${cellAddress(campaign, period)}" ${isSelected ? html`aria-current="true"` : undefined}
      >${period} <small>${minutesOf(period, data.periods)}</small></a
    >`;
    const what =
      cell === undefined
        ? [html`<span class="none">no cell</span>`, "", "", "", "", ""]
        : [html`${ruleMark(cell.rule)}${cell.rule}`, count(cell.x), ...figureTexts(cell)];
    return row([link, ...what], isSelected ? "open" : "");
  });
  return html`<div class="scroll periods" tabindex="0" role="region" aria-label="The campaign’s periods">
    <table>
      ${tableHead(["Period", "Rule", "X", ...FIGURE_NAMES])}
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function collectionOf(cell: Cell | undefined): Html {
  if (cell === undefined)
    return html`<p>Nothing to show in this period: a request for the campaign gets 404 in these minutes.</p>`;
  const { pool, poolIds } = cell;
  const further = pool > poolIds.length ? ` and ${count(pool - poolIds.length)} more` : "";
  const poolText = html`<details>
    <summary>Show the pool</summary>
    ${poolIds.join(", ")}${further}
  </details>`;
  return explainedCell(cell, chanceSentence(cell, "no-repeat"), named, poolText);
}

function named({ banner }: ShownBanner): Html {
  const source = thumbnails[banner];
  return html`${
      source === undefined
        ? html`<span class="thumbnail tile" aria-hidden="true">${banner}</span>`
        : html`<span class="thumbnail"><img src="${source}" alt="" /></span>`
    } <span class="name"><span>${banner}</span></span>`;
}
