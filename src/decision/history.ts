/** What a visitor remembers of a campaign: the banners that were shown, as ids and as the text that cookies and addresses carry. */
import { readId } from "../index/ids.js";

const SEPARATOR = "-";

/** One for all requests, so that none allocates. */
export class Seen {
  /** The banner that was shown last stands first. */
  readonly ids: Uint32Array;
  /** How many of `ids` hold. */
  count = 0;

  /** @param most how many banners a visitor may remember; with 0, none does */
  constructor(readonly most: number) {
    this.ids = new Uint32Array(most);
  }

  /**
   * Takes over the ids of a text such as `371-5-88`, from `start` to before `end`.
   * @returns false, with nothing remembered, where there is something else, or too much
   */
  read(text: string, start = 0, end = text.length): boolean {
    this.count = 0;
    let count = 0;
    for (let at = start; at <= end;) {
      const separator = this.most > 1 ? text.indexOf(SEPARATOR, at) : -1;
      const stop = separator === -1 || separator > end ? end : separator;
      const id = readId(text, at, stop);
      if (id === 0 || count === this.most) return false;
      this.ids[count++] = id;
      at = stop + 1;
    }
    this.count = count;
    return true;
  }

  /** The text for all that is remembered, to be put behind the id of a banner that is shown now. */
  tail(): string {
    let text = "";
    for (let place = 0; place < this.count; place++) text += SEPARATOR + String(this.ids[place]!);
    return text;
  }
}
