/** Billboard's look-up for servers on other HTTP stacks: a campaign and a Cookie header to a page, all but its head ready before. */
import { shownBanner } from "../../src/response/image.js";
import { Catalog, NONE } from "../../src/index/catalog.js";
import { readCookie } from "../../src/response/cookie.js";
import { Decider } from "../../src/decision/decide.js";
import type { Index } from "../../src/index/format.js";
import { BannerCache } from "../../src/response/cache.js";
import { BANNER_PATH } from "../../src/response/image.js";
import { PAGE_START, pageEnd } from "../../src/response/page.js";
import { PeriodClock } from "../../src/decision/period.js";
import { readId } from "../../src/index/ids.js";
import { cookieFor } from "./page-shape.js";

export interface FoundPage {
  readonly body: Uint8Array;
  /** A Set-Cookie value. */
  readonly cookie: string;
}

export class LookUp {
  readonly #catalog: Catalog;
  readonly #decider: Decider;
  readonly #clock: PeriodClock;
  /** Whole: these stacks hold on to what they send. */
  readonly #pages: BannerCache<{ readonly banner: number; readonly body: Uint8Array }>;

  constructor(index: Index) {
    this.#catalog = new Catalog(index);
    this.#decider = new Decider(this.#catalog, "no-repeat", Math.random);
    // Whichever zone the server is in.
    this.#clock = new PeriodClock(Intl.DateTimeFormat().resolvedOptions().timeZone, index.counts.periods);
    this.#pages = new BannerCache((banner) => {
      const shown = shownBanner(this.#catalog, banner, BANNER_PATH);
      return { banner, body: Buffer.from(PAGE_START + pageEnd(shown)) };
    });
  }

  /**
   * @param campaign as the address has it
   * @param cookies the Cookie header, or ""
   * @returns undefined where the campaign is unknown
   */
  page(campaign: string, cookies: string): FoundPage | undefined {
    const cell = this.#catalog.cellOf(readId(campaign, 0, campaign.length), this.#clock.at(Date.now()));
    if (cell === NONE) return undefined;
    const { history } = this.#decider;
    history.count = 0;
    readCookie(cookies, history);
    const banner = this.#decider.decide(cell);
    const id = this.#catalog.index.bannerIds[banner]!;
    return { body: this.#pages.get(banner).body, cookie: cookieFor(id, campaign) };
  }
}
