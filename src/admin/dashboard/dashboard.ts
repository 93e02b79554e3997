/** Puts the dashboard together: its page by its address, the visits of a visitor, and the images. */
import { CampaignTable } from "./campaign-table.js";
import { Catalog, NONE } from "../../index/catalog.js";
import { campaignFigures } from "../../index/figures.js";
import type { Random } from "../../decision/pick.js";
import { printable } from "../../options/printable.js";
import { queryOf, readView, type View } from "./address.js";
import { campaignCard } from "./campaign-card.js";
import { campaignsCard } from "./campaigns-card.js";
import { servedText, statusCards } from "./status-cards.js";
import { visitorPart } from "./visitor-part.js";
import { html, type Html } from "../../response/html.js";
import type { Index } from "../../index/format.js";
import { imageReplies, readImageName, shownBanner, type ImageReplies, type ShownBanner } from "../../response/image.js";
import { readId } from "../../index/ids.js";
import { showCell } from "../../index/shown-cell.js";
import type { ServerState } from "../state.js";
import type { Status, StatusBoard } from "../status.js";
import { readVisits, visit, type Visits } from "./visit.js";

export const IMAGE_PATH = "/banners/";

export const DASHBOARD_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

interface Opened {
  readonly catalog: Catalog;
  readonly table: CampaignTable;
}

export class Dashboard {
  readonly #state: ServerState;
  readonly #board: StatusBoard;
  readonly #random: Random;
  /** Weak, so that the memory of an old index is freed though nobody looks at the dashboard. */
  readonly #opened = new WeakMap<Index, Opened>();

  constructor(state: ServerState, board: StatusBoard, random: Random = Math.random) {
    this.#state = state;
    this.#board = board;
    this.#random = random;
  }

  async page(
    query: URLSearchParams,
    hasSession: boolean,
  ): Promise<{ readonly isReady: boolean; readonly text: string }> {
    const opened = this.#open();
    const status = this.#board.status();
    const view = readView(query);
    if (opened === undefined || status.index === undefined)
      return {
        isReady: false,
        text: frame(html`Billboard`, statusCards(status, undefined, queryOf(view)), html``, hasSession),
      };
    const shown = await this.#campaigns(opened, status, view);
    return {
      isReady: true,
      text: frame(shown.title, this.#status(status, queryOf(shown.view)), shown.body, hasSession),
    };
  }

  cards(query: URLSearchParams): string {
    return this.#status(this.#board.status(), queryOf(readView(query))).text;
  }

  visits(query: URLSearchParams): Visits | { readonly status: 400 | 404 | 503; readonly reason: string } {
    const opened = this.#open();
    if (opened === undefined) return { status: 503, reason: "There is no index yet." };
    const { catalog } = opened;
    const asked = readVisits(query, catalog.index.counts.periods);
    if (typeof asked === "string") return { status: 400, reason: asked };
    return (
      visit(catalog, asked, this.#board.status().rotation, this.#random, IMAGE_PATH) ?? {
        status: 404,
        reason: `Campaign ${asked.campaign} has no cell in period ${asked.period}.`,
      }
    );
  }

  image(name: string): ImageReplies | undefined {
    const catalog = this.#open()?.catalog;
    const banner = catalog?.bannerOf(readImageName(name)) ?? NONE;
    if (catalog === undefined || banner === NONE) return undefined;
    const image = imageReplies(catalog, banner);
    return image.name === name ? image : undefined;
  }

  #open(): Opened | undefined {
    const index = this.#state.served?.index;
    if (index === undefined) return undefined;
    let opened = this.#opened.get(index);
    if (opened === undefined) {
      const catalog = new Catalog(index);
      opened = { catalog, table: new CampaignTable(catalog) };
      this.#opened.set(index, opened);
    }
    return opened;
  }

  #status(status: Status, query: string): Html {
    return statusCards(status, this.#open()?.catalog.index.counts, query);
  }

  async #campaigns(
    { catalog, table }: Opened,
    status: Status,
    asked: View,
  ): Promise<{ title: Html; body: Html; view: View }> {
    const { campaignIds, counts, generation } = catalog.index;
    const { rotation } = status;
    const now = status.index!.period;
    const found = await table.find(asked.search, asked.order);
    const sought = readId(asked.search, 0, asked.search.length);
    const campaign = asked.campaign || (table.has(sought) ? sought : (found.rows[0]?.campaign ?? 0));
    const cells = Array.from({ length: counts.periods }, (_, index) => showCell(catalog, campaign, index + 1));
    const view = { ...asked, campaign, period: openPeriod(asked.period, now, cells) };
    const list = campaignsCard(found, campaignIds.length, view, now, (each) => showCell(catalog, each, now));
    const bannerAt = (banner: number): ShownBanner => shownBanner(catalog, banner, IMAGE_PATH);
    const cell = cells[view.period - 1];
    const name = catalog.nameOf(campaign);
    const one = cells.some((each) => each !== undefined)
      ? campaignCard(
          { campaign, name, figures: campaignFigures(catalog, campaign), cells },
          { view, now, rotation, bannerAt },
          cell && visitorPart(cell, rotation, generation, bannerAt),
        )
      : noCampaign(campaign);
    return {
      title:
        campaign === 0
          ? html`Billboard`
          : html`Campaign ${campaign}${name === "" ? "" : `, ${printable(name)}`} · Billboard`,
      body: html`${list}
        <article id="campaign" class="card" aria-labelledby="campaign-title" data-served="${servedText(status)}">
          ${one}
        </article>`,
      view,
    };
  }
}

function openPeriod(asked: number, now: number, cells: readonly unknown[]): number {
  if (asked >= 1 && asked <= cells.length) return asked;
  if (cells[now - 1] !== undefined) return now;
  return Math.max(1, cells.findIndex((cell) => cell !== undefined) + 1);
}

function noCampaign(campaign: number): Html {
  const reason =
    campaign === 0 ? "None was found." : `Campaign ${campaign} is not in this index: a request for it gets 404.`;
  return html`<h2 id="campaign-title" tabindex="-1">${campaign === 0 ? "No campaign" : `Campaign ${campaign}`}</h2>
    <p>${reason}</p>`;
}

function frame(title: Html, status: Html, body: Html, hasSession: boolean): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/dashboard.css" />
        <script defer src="/assets/dashboard.js"></script>
      </head>
      <body>
        <header>
          <a class="skip" href="#campaign-title">Skip to the campaign</a>
          <p class="product">Billboard</p>
          <h1>What is shown, and why</h1>
          <p id="offline" class="card alarm" role="status"></p>
          ${
            hasSession
              ? html`<form id="log-out" method="post" action="/logout" data-whole-page>
                  <button class="plain">Log out</button>
                </form>`
              : undefined
          }
        </header>
        <main class="panes">${status} ${body}</main>
      </body>
    </html>`.text.trimStart();
}
