/** Draws where one is a visitor: buttons, the banner that comes, and shares beside those expected. */
import { barToLine, image } from "./drawings.js";
import type { Rotation } from "../../decision/decide.js";
import { expectedShares } from "./expected-share.js";
import { html, type Html } from "../../response/html.js";
import type { ShownBanner } from "../../response/image.js";
import type { ShownCell } from "../../index/shown-cell.js";
import { counted, shareText } from "./wording.js";

/** The share of a bar's width at which the line of the largest expected share stands. */
const LARGEST_AT = 0.6;

const VISITORS: Readonly<Record<Rotation, string>> = {
  "no-repeat": "as one visitor who remembers what was shown last",
  sequence: "as one visitor who remembers what was shown of the sequence",
  independent: "as visitors who remember nothing",
};

/** `browser/visitor.ts` fills it, and finds it by the data attributes. */
export function visitorPart(
  cell: ShownCell,
  rotation: Rotation,
  generation: string,
  bannerAt: (index: number) => ShownBanner,
): Html {
  const { campaign, period, fixed, drawn, pool } = cell;
  const { eachFixed, wholePool } = expectedShares({ fixed: fixed.length, drawn, pool }, rotation);
  const scale = LARGEST_AT / Math.max(fixed.length > 0 ? eachFixed : 0, wholePool);
  const row = (key: string, name: Html, expected: number): Html =>
    html`<tr data-banner="${key}" data-expected="${expected}">
      <th scope="row">${name}</th>
      <td data-count>0</td>
      <td data-share>–</td>
      <td>${shareText(expected)}</td>
      <td class="share-bar">${barToLine(expected * scale)}</td>
    </tr>`;
  return html`<section
    id="visitor"
    aria-labelledby="visitor-title"
    data-campaign="${campaign}"
    data-period="${period}"
    data-generation="${generation}"
    data-scale="${scale}"
  >
    <h3 id="visitor-title">Be a visitor</h3>
    <p>Press and get the next banner, ${VISITORS[rotation]}. It is the server’s own decision, and is not counted.</p>
    <p class="without-script">This needs JavaScript. The expected shares are below all the same.</p>
    <p class="with-script buttons">
      <button type="button" data-visits="1">1 visit</button> <button type="button" data-visits="10">10 visits</button>
      <button type="button" data-visits="1000">1,000 visits</button>
      <button type="button" class="plain" data-again>Start again</button>
    </p>
    <div class="visitor">
      <div class="with-script stage">
        <div id="shown"><span class="quiet">No banner yet</span></div>
        <p id="visitor-said" role="status"></p>
        <ol id="latest" aria-label="The last banners, the newest first"></ol>
      </div>
      <div class="shares" tabindex="0" role="region" aria-label="Shares of the banners">
        <table>
          <caption class="unseen">
            How often each banner was shown, beside how often it is expected
          </caption>
          <thead>
            <tr>
              <th scope="col">Banner</th>
              <th scope="col">Shown</th>
              <th scope="col">Share</th>
              <th scope="col">Expected</th>
              <td></td>
            </tr>
          </thead>
          <tbody>
            ${fixed.map((entry) => row(String(entry.banner), html`<span class="banner"><span class="thumbnail">${image(bannerAt(entry.index), "")}</span>${entry.banner}</span>`, eachFixed))}
            ${drawn === 0 ? undefined : row("pool", html`${counted(pool, "banner")} of the pool, each ${shareText(wholePool / pool)}`, wholePool)}
          </tbody>
        </table>
        <p id="largest-difference" class="quiet"></p>
      </div>
    </div>
  </section>`;
}
