/** Keeps what is worked out of the served index for the dashboard, and lets go of it when memory is needed. */
import { setImmediate } from "node:timers/promises";
import { Catalog } from "../index/catalog.js";
import type { Index } from "../index/format.js";
import { CampaignTable } from "../view/campaign-table.js";
import { catalogSource } from "../view/catalog-source.js";
import type { IndexChange } from "../view/change/index-change.js";
import type { Overview } from "../view/rows.js";
import type { ServerState } from "./state.js";

/** What is worked out is not wanted any more: another index is served, or about to be loaded. */
export class LetGoError extends Error {}

export interface Opened {
  readonly catalog: Catalog;
  readonly table: CampaignTable;
  /** To the index before; undefined before it is known. */
  readonly change: () => IndexChange | undefined;
  /** Lets others have the thread. @throws LetGoError */
  readonly pause: () => Promise<void>;
  overview?: Promise<Overview>;
}

export class OpenedIndex {
  readonly #state: ServerState;
  #opened: Opened | undefined;

  constructor(state: ServerState) {
    this.#state = state;
  }

  /** The one that is served; undefined where there is none. */
  get current(): Opened | undefined {
    const index = this.#state.served?.index;
    if (index !== this.#opened?.catalog.index) this.#opened = index && this.#open(index);
    return this.#opened;
  }

  letGo(): void {
    this.#opened = undefined;
  }

  #open(index: Index): Opened {
    const catalog = new Catalog(index);
    const change = (): IndexChange | undefined =>
      this.#state.served?.index === index ? this.#state.served.change : undefined;
    const isChanged = (campaign: number): boolean => change()?.isChanged(campaign) ?? false;
    const pause = async (): Promise<void> => {
      await setImmediate();
      if (this.#opened !== opened || this.#state.served?.index !== index) throw new LetGoError();
    };
    const table = new CampaignTable(catalogSource(catalog), { pause, isChanged });
    const opened = { catalog, table, change, pause };
    return opened;
  }
}
