/** Draws the collection of a cell down to the cut, and says why it is this one. The build's report draws it too. */
import {
  cutSentence,
  drawnSentence,
  REASON_TEXTS,
  reasonOf,
  ruleSentence,
  type ExplainedCell,
  type Ranked,
} from "../../index/explain.js";
import { count, counted, moneyText } from "../../index/wording.js";
import { html, type Html } from "../../response/html.js";
import { bar, ruleMark } from "./drawings.js";

interface Entry extends Ranked {
  readonly impressions: number;
}

export function explainedCell<Shown extends Entry>(
  cell: Omit<ExplainedCell, "fixed" | "below"> & {
    readonly fixed: readonly Shown[];
    readonly below: Shown | undefined;
  },
  chance: string,
  bannerOf: (entry: Shown) => Html,
  poolText?: Html,
): Html {
  const { rule, fixed, below } = cell;
  const shown = below === undefined ? fixed : [...fixed, below];
  const maxRevenue = Math.max(1, ...shown.map(({ revenue }) => Number(revenue)));
  const maxClicks = Math.max(1, ...shown.map(({ clicks }) => clicks));
  const number = (label: string, value: number, share?: number): Html =>
    html`<td role="cell" class="number count">
      <span data-label="${value === 1 ? label : `${label}s`}">${count(value)}</span
      >${share === undefined ? undefined : bar(share)}
    </td>`;
  const row = (entry: Shown, rank: string, by: string, kind: string): Html => {
    const { revenue, clicks, conversions, impressions } = entry;
    return html`<tr role="row" class="${kind}">
      <td role="cell" class="place">${rank}</td>
      <th role="rowheader" scope="row"><div class="banner">${bannerOf(entry)}</div></th>
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
  return html`<p class="rule">${ruleMark(rule)}<strong>${rule}</strong> ${ruleSentence(cell)}</p>
    <p class="quiet">${chance}</p>
    <table class="collection" role="table">
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
        ${fixed.map((entry, index) =>
          row(entry, String(index + 1), REASON_TEXTS[reasonOf(rule, entry.conversions, entry.clicks)], "in"),
        )}
        ${cell.drawn > 0 ? wideRow("drawn", html`<span class="dice" aria-hidden="true">${"?".repeat(cell.drawn)}</span>${drawnSentence(cell)} ${poolText}`) : undefined}
        ${wideRow("cut", html`${cutSentence(cell)}`)} ${below && row(below, "–", "not in", "below")}
      </tbody>
    </table>`;
}
