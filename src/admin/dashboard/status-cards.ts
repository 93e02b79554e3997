/** Draws the cards at the top of the dashboard: what is going on now. The page asks for them each second. */
import { bar, curve, dial, ruleMark } from "./drawings.js";
import { printable } from "../../options/printable.js";
import { html, type Html } from "../../response/html.js";
import { describeReload } from "../../index/reload.js";
import { RULES_BY_X } from "../../index/sections.js";
import { otherZone } from "../../decision/other-zone.js";
import type { PastReload, IndexStatus, Status } from "../status.js";
import { count, counted, durationText, minutesOf, ZoneClock } from "./wording.js";

const NEWEST = 3;

const RESULTS: Readonly<Record<PastReload["result"], string>> = {
  replaced: "Reloaded",
  unchanged: "Unchanged",
  refused: "Refused",
};

export interface IndexSize {
  readonly campaigns: number;
  readonly banners: number;
}

export function statusCards(status: Status, size: IndexSize | undefined, query: string): Html {
  const clock = new ZoneClock(status.time_zone);
  return html`<section id="status" aria-label="What is going on now" data-served="${servedText(status)}">
    ${nowCard(status, clock)} ${requestsCard(status)} ${decisionsCard(status)} ${indexCard(status, size, clock, query)}
  </section>`;
}

/** The script asks for the rest of the page anew where this has changed. */
export function servedText({ index }: Status): string {
  return index === undefined ? "" : `${index.generation} ${index.period}`;
}

function nowCard(status: Status, clock: ZoneClock): Html {
  const { index, time_zone } = status;
  const now = Date.parse(status.now);
  const here = html`<p class="quiet"><span class="time">${clock.time(now)}</span> ${time_zone}</p>`;
  if (index === undefined)
    return html`<div class="card now">
      <h2>Period</h2>
      <p>There is no index yet.</p>
      ${here}
    </div>`;
  const next = Date.parse(index.next_period_at);
  const warning = otherZone(index.time_zone, time_zone);
  const following = (index.period % index.periods) + 1;
  const [, minutes, seconds] = clock.time(now).split(":").map(Number);
  return html`<div class="card now">
    <div>
      <h2>Period ${index.period} <small>of ${index.periods}</small></h2>
      <div class="large">${minutesOf(index.period, index.periods)}</div>
      <p>
        Period ${following} begins at ${clock.time(next).slice(0, 5)}, in
        <span class="time">${durationText((next - now) / 1000)}</span>
      </p>
      ${here} ${warning && html`<p class="why">${warning[0]!.toUpperCase()}${warning.slice(1)}.</p>`}
    </div>
    ${dial(index.period, index.periods, minutes! + seconds! / 60)}
  </div>`;
}

const ENGINE_NAMES = { uws: "uWebSockets.js", node: "node:http" } as const;

function requestsCard({ requests, requests_a_second: rates, engine, workers, started_at, now }: Status): Html {
  const seen = requests.filter((series) => series.count > 0);
  const total = seen.reduce((sum, series) => sum + series.count, 0);
  const last = rates.at(-1) ?? 0;
  const most = Math.max(0, ...rates);
  return html`<div class="card requests">
    <h2>Requests</h2>
    <div class="large"><span id="request-rate">${count(Math.round(last))}</span> <small>a second</small></div>
    ${curve(rates)}
    <p class="quiet">The last minute, at most ${count(Math.round(most))} a second</p>
    <details id="by-status">
      <summary>${count(total)} in ${durationText((Date.parse(now) - Date.parse(started_at)) / 1000)}</summary>
      <table>
        <caption class="unseen">
          Requests since the start, by route and status
        </caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col">Status</th>
            <th scope="col">Requests</th>
          </tr>
        </thead>
        <tbody>
          ${seen.map(
            ({ route, code, count: many }) =>
              html`<tr>
                <th scope="row">${route}</th>
                <td>${code}</td>
                <td>${count(many)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
    <p class="quiet">${workersText(workers, engine)}</p>
  </div>`;
}

function workersText({ listening, restarts }: Status["workers"], engine: Status["engine"]): string {
  const serving = `${counted(listening, "worker")} ${listening === 1 ? "serves" : "serve"} by ${ENGINE_NAMES[engine]}`;
  return restarts === 0 ? serving : `${serving}; ${counted(restarts, "worker")} had to be restarted`;
}

function decisionsCard({ decisions, repeats_avoided }: Status): Html {
  const all = RULES_BY_X.reduce((sum, rule) => sum + decisions[rule], 0);
  return html`<div class="card decisions">
    <h2>Decisions <small>by rule</small></h2>
    <dl>
      ${RULES_BY_X.map(
        (rule) =>
          html`<div class="${rule}">
            <dt>${ruleMark(rule)}${rule}</dt>
            <dd>${bar(all === 0 ? 0 : decisions[rule] / all)}</dd>
            <dd class="number" id="decisions-${rule}">${count(decisions[rule])}</dd>
          </div>`,
      )}
    </dl>
    <p class="quiet">${counted(repeats_avoided, "repeat")} avoided</p>
  </div>`;
}

function indexCard(status: Status, size: IndexSize | undefined, clock: ZoneClock, query: string): Html {
  const { index, reloads, now } = status;
  const moment = (iso: string): string => clock.moment(Date.parse(iso), Date.parse(now));
  const [newest] = reloads;
  return html`<div class="card index">
    <h2>Index</h2>
    ${index === undefined || size === undefined ? undefined : servedFacts(index, size, moment, now)}
    <form id="reload" method="post" action="/reload${query}"><button class="plain">Reload index</button></form>
    <p id="reload-said" class="unseen" role="status">
      ${newest && `Reload at ${moment(newest.at)}: ${describeReload(newest)}.`}
    </p>
    ${reloadList(reloads.slice(0, NEWEST), moment)}
    ${
      reloads.length > NEWEST
        ? html`<details id="older-reloads">
            <summary>${counted(reloads.length - NEWEST, "older reload")}</summary>
            ${reloadList(reloads.slice(NEWEST), moment)}
          </details>`
        : undefined
    }
  </div>`;
}

function servedFacts(
  { generation, loaded_at }: IndexStatus,
  { campaigns, banners }: IndexSize,
  moment: (iso: string) => string,
  now: string,
): Html {
  const age = durationText((Date.parse(now) - Date.parse(loaded_at)) / 1000);
  return html`<p class="generation"><span class="unseen">Generation </span><code>${generation}</code></p>
    <p>
      Loaded at ${moment(loaded_at)},
      <span class="time">${age}</span> ago
    </p>
    <p class="quiet">${counted(campaigns, "campaign")}, ${counted(banners, "banner")}</p>`;
}

function reloadList(reloads: readonly PastReload[], moment: (iso: string) => string): Html | undefined {
  if (reloads.length === 0) return undefined;
  return html`<ol class="reloads" aria-label="Reloads, the newest first">
    ${reloads.map(
      ({ at, result, generation, reason }) =>
        html`<li class="${result}">
          <span class="pill">${RESULTS[result]}</span> <span class="time">${moment(at)}</span>
          ${reason === undefined ? html`<code>${generation}</code>` : html`<span class="why">${printable(reason)}</span>`}
        </li>`,
    )}
  </ol>`;
}
