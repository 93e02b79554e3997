/** Reads and writes what a visitor remembers of a campaign: ids of banners, in cookies and addresses as text. */
import { readId } from "../index/ids.js";

const SEPARATOR = "-";

export class VisitHistory {
  /** The banner that was shown last stands first. */
  readonly ids: Uint32Array;
  count = 0;

  constructor(readonly capacity: number) {
    this.ids = new Uint32Array(capacity);
  }

  /** Reads a text such as `371-5-88`; false, with an empty history, for anything else, or more than the capacity. */
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

  forget(id: number): void {
    let kept = 0;
    for (let at = 0; at < this.count; at++) if (this.ids[at] !== id) this.ids[kept++] = this.ids[at]!;
    this.count = kept;
  }

  /** What goes behind the id of the banner that is shown now: `-5-88`. */
  tail(): string {
    let text = "";
    for (let at = 0; at < this.count; at++) text += SEPARATOR + String(this.ids[at]!);
    return text;
  }
}
