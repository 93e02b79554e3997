/** Picks the cells with the most revenue among any number, and holds no more than twice as many at a time. */

export interface RankedCell {
  readonly campaign: number;
  readonly period: number;
  /** As `ComparedCells` knows it, or NONE. */
  readonly before: number;
  readonly after: number;
  /** Millionths: of now, or of before where the cell is gone. */
  readonly revenue: bigint;
}

export class GreatestCells {
  readonly #most: number;
  #cells: RankedCell[] = [];
  /** The last of those that are held, once there are too many. */
  #last: RankedCell | undefined;
  count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(cell: RankedCell): void {
    this.count++;
    if (this.#last !== undefined && compare(cell, this.#last) > 0) return;
    this.#cells.push(cell);
    if (this.#cells.length === 2 * this.#most) this.#last = this.inOrder().at(-1);
  }

  inOrder(): readonly RankedCell[] {
    this.#cells = this.#cells.sort(compare).slice(0, this.#most);
    return this.#cells;
  }
}

function compare(a: RankedCell, b: RankedCell): number {
  if (a.revenue !== b.revenue) return a.revenue < b.revenue ? 1 : -1;
  return a.campaign - b.campaign || a.period - b.period;
}
