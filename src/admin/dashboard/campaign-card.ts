/** Draws one campaign: its periods, and the collection of one of them down to the cut. */
import { chanceSentence, cutSentence, drawnSentence, REASON_TEXTS, ruleSentence } from "../../index/explain.js";
import { printable } from "../../options/printable.js";
import type { Figures } from "../../index/figures.js";
import { queryOf, type View } from "./address.js";
import { bar, ruleMark } from "./drawings.js";
import type { Rotation } from "../../decision/decide.js";
import { html, type Html } from "../../response/html.js";
import type { ShownBanner } from "../../response/image.js";
import type { ShownCell, ShownEntry } from "./shown-cell.js";
import { count, counted, minutesOf, moneyText } from "./wording.js";

/** With more, a period's card has no room for thumbnails. */
const MAX_PERIODS_WITH_THUMBNAILS = 12;

export interface ShownCampaign {
  readonly campaign: number;
  readonly figures: Figures;
  /** By period, from the first; undefined where the campaign has no cell. */
  readonly cells: readonly (ShownCell | undefined)[];
}

export interface Surroundings {
  readonly view: View;
  /** The period that is on. */
  readonly now: number;
  readonly rotation: Rotation;
  readonly bannerAt: (index: number) => ShownBanner;
}

/** @param visitor what stands below the collection */
export function campaignCard(shown: ShownCampaign, surroundings: Surroundings, visitor: Html | undefined): Html {
  const { campaign, figures, cells } = shown;
  const { view, rotation } = surroundings;
  const { revenue, conversions, clicks, impressions } = figures;
  const cell = cells[view.period - 1];
  return html`<h2 id="campaign-title" tabindex="-1">Campaign ${campaign}</h2>
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
        ? html`<p>No events in this period: a request for the campaign gets 404 in these minutes.</p>`
        : html`<p class="rule">${ruleMark(cell.rule)}<strong>${cell.rule}</strong> ${ruleSentence(cell)}</p>
            <p class="quiet">${chanceSentence(cell, rotation)}</p>
            ${collection(cell, surroundings)} ${visitor}`
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

/** @param alt what stands for it, where its own text is not wanted */
export function image({ id, imageUrl, width, height, alt: own }: ShownBanner, alt?: string): Html {
  const size = width > 0 && height > 0 ? html`width="${width}" height="${height}"` : undefined;
  return html`<img src="${imageUrl}" alt="${alt ?? (printable(own) || `Banner ${id}`)}" ${size} loading="lazy" />`;
}

function collection(cell: ShownCell, { bannerAt }: Surroundings): Html {
  const shown = cell.below === undefined ? cell.fixed : [...cell.fixed, cell.below];
  const maxRevenue = Math.max(1, ...shown.map(({ revenue }) => Number(revenue)));
  const maxClicks = Math.max(1, ...shown.map(({ clicks }) => clicks));
  const number = (label: string, value: number, share?: number): Html =>
    html`<td role="cell" class="number count">
      <span data-label="${value === 1 ? label : `${label}s`}">${count(value)}</span
      >${share === undefined ? undefined : bar(share)}
    </td>`;
  const row = (entry: ShownEntry, rank: string, by: string, kind: string): Html => {
    const { revenue, clicks, conversions, impressions } = entry;
    const banner = bannerAt(entry.index);
    return html`<tr role="row" class="${kind}">
      <td role="cell" class="place">${rank}</td>
      <th role="rowheader" scope="row">
        <div class="banner">
          <span class="thumbnail">${image(banner)}</span>
          <span class="name"><span>${banner.id}</span>${linkText(banner)}</span>
        </div>
      </th>
      <td role="cell" class="number money"><span>${moneyText(revenue)}</span>${bar(Number(revenue) / maxRevenue)}</td>
      ${number("click", clicks, clicks / maxClicks)} ${number("conversion", conversions)}
      ${number("impression", impressions)}
      <td role="cell" class="by">${by}</td>
    </tr>`;
  };
  const wideRow = (kind: string, content: Html): Html =>
    html`<tr role="row" class="${kind}">
      <td role="cell" colspan="7">${content}</td>
    </tr>`;
  return html`<table class="collection" role="table">
    <caption>
      The collection, from the ${counted(cell.banners, "banner")} of this cell
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${["Place", "Banner", "Revenue", "Clicks", "Conversions", "Impressions", "In"].map(
          (text) => html`<th scope="col" role="columnheader">${text}</th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${cell.fixed.map((entry, index) => row(entry, String(index + 1), REASON_TEXTS[entry.by], "in"))}
      ${cell.drawn > 0 ? wideRow("drawn", html`<span class="dice" aria-hidden="true">${"?".repeat(cell.drawn)}</span>${drawnSentence(cell)}`) : undefined}
      ${wideRow("cut", html`${cutSentence(cell)}`)}
      ${cell.below === undefined ? undefined : row(cell.below, "–", "not in", "below")}
    </tbody>
  </table>`;
}

/** Where the banner leads: the build lets only http and https pass. */
function linkText({ id, link }: ShownBanner): Html | undefined {
  if (link === "") return undefined;
  return html` <a href="${link}" rel="noopener noreferrer" aria-label="Where banner ${id} leads: ${new URL(link).host}"
    >${new URL(link).host}</a
  >`;
}
