/** Holds what an index changes: the comparison, which campaigns, and of their cells as many as there is room for. */
import type { Catalog } from "../../index/catalog.js";
import { lowerBound } from "../../index/ids.js";
import type { CellChange } from "../rows.js";
import type { Comparison } from "./comparison.js";
import type { ChangedCell, ServedChange } from "./served-change.js";

/** In `ServedChange`. */
const MAX_ROWS = 1000;

export interface KnownCell extends Pick<ChangedCell, "campaign" | "period" | "rule" | "revenue"> {
  readonly change: CellChange;
}

export interface ChangedCells {
  /** Those of the greatest revenue, by `cellKey`, in this order. */
  readonly known: ReadonlyMap<number, KnownCell>;
  /** How many there are, of which some may not be known. */
  readonly count: number;
  /** Of the new index. */
  readonly campaigns: Uint32Array;
  /** By campaign: 1 for one that changed. */
  readonly isChanged: Uint8Array;
}

const NO_CELLS: ChangedCells = {
  known: new Map(),
  count: 0,
  campaigns: new Uint32Array(),
  isChanged: new Uint8Array(),
};

export function cellKey(campaign: number, period: number): number {
  return campaign * 64 + period;
}

export class IndexChange {
  readonly comparison: Comparison;
  readonly #cells: ChangedCells;

  constructor(comparison: Comparison, cells: ChangedCells = NO_CELLS) {
    this.comparison = comparison;
    this.#cells = cells;
  }

  /** Where the hour is cut into other periods, each campaign counts as changed. */
  isChanged(campaign: number): boolean {
    if (this.comparison.result === "changed" && this.comparison.campaigns_changed === null) return true;
    const { campaigns, isChanged } = this.#cells;
    const at = lowerBound(campaigns, campaign);
    return campaigns[at] === campaign && isChanged[at] === 1;
  }

  /** Undefined for a cell that did not change, and for one that there was no room for. */
  cellChange(campaign: number, period: number): CellChange | undefined {
    return this.#cells.known.get(cellKey(campaign, period))?.change;
  }

  /** @param catalog the new index, for its names */
  json(catalog: Catalog, limit = MAX_ROWS): ServedChange {
    const { comparison } = this;
    const cells = [...this.#cells.known.values()].slice(0, limit).map(({ change, ...cell }): ChangedCell => {
      const name = catalog.nameOf(cell.campaign);
      return { ...cell, ...(name !== "" && { name }), ...change };
    });
    return {
      generation: catalog.index.generation,
      comparison,
      campaigns_changed: comparison.result === "changed" ? comparison.campaigns_changed : 0,
      cells,
      cells_left_out: this.#cells.count - cells.length,
    };
  }
}
