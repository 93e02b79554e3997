/** Draws the campaigns that were found, in the table that one chooses from. */
import type { CampaignRow, FoundCampaigns } from "./campaign-table.js";
import { MAX_SEARCH, queryOf, type View } from "./address.js";
import { campaignName, ruleMark } from "./drawings.js";
import { html, type Html } from "../../response/html.js";
import type { ShownCell } from "../../index/shown-cell.js";
import { count, counted, moneyText } from "./wording.js";

export function campaignsCard(
  { rows, found }: FoundCampaigns,
  all: number,
  view: View,
  period: number,
  cellOf: (campaign: number) => Pick<ShownCell, "rule" | "x"> | undefined,
): Html {
  const matching = `${found === all ? "" : `${count(found)} of `}${counted(all, "campaign")}`;
  const foundText = found > rows.length ? `${matching}; the first ${count(rows.length)} are here` : matching;
  return html`<section id="campaigns" class="card chooser" aria-labelledby="campaigns-title">
    <h2 id="campaigns-title">Campaigns</h2>
    <form id="search-form" role="search" action="/" method="get">
      <label for="search" class="quiet">Find a campaign by the first digits of its id, or by its name</label>
      <div class="field">
        <input
          id="search"
          name="search"
          type="search"
          autocomplete="off"
          spellcheck="false"
          maxlength="${MAX_SEARCH}"
          value="${view.search}"
          aria-describedby="found"
        />
        ${view.order === "id" ? html`<input type="hidden" name="order" value="id" />` : undefined}
        <button class="plain">Find</button>
      </div>
    </form>
    <p id="found" class="quiet" role="status">${foundText}</p>
    <div id="campaign-list">
      <table>
        <caption class="unseen">
          Campaigns, with the sums of all periods, and X in period ${period}, which is on
        </caption>
        <thead>
          <tr>
            <th scope="col" ${sorted(view.order === "id", "ascending")}>${orderLink(view, "id", "Campaign")}</th>
            <th scope="col" ${sorted(view.order === "revenue", "descending")}>
              ${orderLink(view, "revenue", "Revenue")}
            </th>
            <th scope="col" class="wide">Conv.<span class="unseen">ersions</span></th>
            <th scope="col">Clicks</th>
            <th scope="col" class="wide">Impr.<span class="unseen">essions</span></th>
            <th scope="col">X now</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => campaignRow(row, view, cellOf(row.campaign)))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function sorted(isSorted: boolean, direction: string): Html | undefined {
  return isSorted ? html`aria-sort="${direction}"` : undefined;
}

function orderLink(view: View, order: View["order"], text: string): Html {
  return html`<a href="/${queryOf({ ...view, order })}" title="In order of ${order}">${text}</a>`;
}

function campaignRow(row: CampaignRow, view: View, cell: Pick<ShownCell, "rule" | "x"> | undefined): Html {
  const isOpen = row.campaign === view.campaign;
  const address = queryOf({ ...view, campaign: row.campaign, period: 0 });
  return html`<tr class="${isOpen ? "open" : ""}">
    <th scope="row">
      <a href="/${address}#campaign" ${isOpen ? html`aria-current="true"` : undefined}
        >${row.campaign}${campaignName(row.name)}</a
      >
    </th>
    <td>${moneyText(row.revenue)}</td>
    <td class="wide">${count(row.conversions)}</td>
    <td>${count(row.clicks)}</td>
    <td class="wide">${count(row.impressions)}</td>
    <td>
      ${cell === undefined ? html`<span title="no cell in this period">–</span>` : html`${ruleMark(cell.rule)}<span class="unseen">${cell.rule}, </span>${count(cell.x)}`}
    </td>
  </tr>`;
}
