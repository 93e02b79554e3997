/** Reads and writes what a visitor remembers of a campaign: ids of banners, in cookies and addresses as text. */
import { readId } from "../index/ids.js";

const SEPARATOR = "-";

/** One object serves all requests, so that none allocates. */
export class VisitHistory {
  /** The banner that was shown last stands first. */
  readonly ids: Uint32Array;
  /** How many of `ids` are set. */
  count = 0;

  /** @param capacity how many banners a visitor may remember */
  constructor(readonly capacity: number) {
    this.ids = new Uint32Array(capacity);
  }

  /**
   * Reads a text such as `371-5-88`, from `start` to before `end`.
   * @returns false, with an empty history, where there is something else, or more than the capacity
   */
  read(text: string, start = 0, end = text.length): boolean {
    this.count = 0;
    let count = 0;
    for (let at = start; at <= end;) {
      const separator = this.capacity > 1 ? text.indexOf(SEPARATOR, at) : -1;
      const stop = separator === -1 || separator > end ? end : separator;
      const id = readId(text, at, stop);
      if (id === 0 || count === this.capacity) return false;
      this.ids[count++] = id;
      at = stop + 1;
    }
    this.count = count;
    return true;
  }

  /** The text that goes behind the id of the banner that is shown now: `-5-88`. */
  tail(): string {
    let text = "";
    for (let at = 0; at < this.count; at++) text += SEPARATOR + String(this.ids[at]!);
    return text;
  }
}
