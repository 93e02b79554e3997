/** Draws one campaign: its periods, and the collection of one of them down to the cut. */
import { chanceSentence } from "../../index/explain.js";
import type { Figures } from "../../index/figures.js";
import type { ShownCell } from "../../index/shown-cell.js";
import { queryOf, type View } from "./address.js";
import { campaignName, image, ruleMark } from "./drawings.js";
import { explainedCell } from "./explained-cell.js";
import type { Rotation } from "../../decision/decide.js";
import { html, type Html } from "../../response/html.js";
import type { ShownBanner } from "../../response/image.js";
import { count, counted, minutesOf, moneyText } from "./wording.js";

/** With more, a period's card has no room for thumbnails. */
const MAX_PERIODS_WITH_THUMBNAILS = 12;

export interface ShownCampaign {
  readonly campaign: number;
  readonly name: string;
  readonly figures: Figures;
  /** By period, from the first; undefined where the campaign has no cell. */
  readonly cells: readonly (ShownCell | undefined)[];
}

export interface Surroundings {
  readonly view: View;
  readonly now: number;
  readonly rotation: Rotation;
  readonly bannerAt: (index: number) => ShownBanner;
}

export function campaignCard(shown: ShownCampaign, surroundings: Surroundings, visitor: Html | undefined): Html {
  const { campaign, name, figures, cells } = shown;
  const { view, rotation, bannerAt } = surroundings;
  const { revenue, conversions, clicks, impressions } = figures;
  const cell = cells[view.period - 1];
  return html`<h2 id="campaign-title" tabindex="-1">Campaign ${campaign}${campaignName(name)}</h2>
    <p class="quiet">
      ${moneyText(revenue)} revenue from ${counted(conversions, "conversion")}, ${counted(clicks, "click")} and
      ${counted(impressions, "impression")} in the whole hour
    </p>
    <nav aria-label="Periods of the campaign">
      <ul class="periods">
        ${cells.map((each, index) => html`<li>${periodLink(each, index + 1, cells.length, surroundings)}</li>`)}
      </ul>
    </nav>
    <h3>Period ${view.period} <small>minutes ${minutesOf(view.period, cells.length)}</small></h3>
    ${
      cell === undefined
        ? html`<p>Nothing to show in this period: a request for the campaign gets 404 in these minutes.</p>`
        : html`${explainedCell(cell, chanceSentence(cell, rotation), ({ index }) => named(bannerAt(index)))} ${visitor}`
    }`;
}

function periodLink(
  cell: ShownCell | undefined,
  period: number,
  periods: number,
  { view, now, bannerAt }: Surroundings,
): Html {
  const address = queryOf({ ...view, period });
  return html`<a href="/${address}#campaign" ${period === view.period ? html`aria-current="true"` : undefined}>
    <span class="period"
      ><strong>${period}</strong>
      ${minutesOf(period, periods)}${period === now ? html` <span class="on">now</span>` : undefined}</span
    >
    ${
      cell === undefined
        ? html`<span class="quiet">no cell</span>`
        : html`<span>${ruleMark(cell.rule)}${cell.rule}, <span class="x">X = ${count(cell.x)}</span></span>
            <span class="money">${moneyText(cell.revenue)}</span>
            ${periods > MAX_PERIODS_WITH_THUMBNAILS ? undefined : html`<span class="strip">${cell.fixed.map(({ index }) => image(bannerAt(index), ""))}${Array.from({ length: cell.drawn }, () => html`<span class="drawn" aria-hidden="true">?</span>`)}</span>`}`
    }
  </a>`;
}

/** `link` needs no check here: the build lets only http and https pass. */
function named(banner: ShownBanner): Html {
  const { id, link } = banner;
  const host = link === "" ? "" : new URL(link).host;
  const leads = html` <a href="${link}" rel="noopener noreferrer" aria-label="Where banner ${id} leads: ${host}"
    >${host}</a
  >`;
  return html`<span class="thumbnail">${image(banner)}</span>
    <span class="name"><span>${id}</span>${link === "" ? undefined : leads}</span>`;
}
