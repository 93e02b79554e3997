/** Judges repeats without an index: one is wrong only where the campaign shows a second banner in the same period. */
// No period is shorter than a minute and all begin with one, so what is seen within a minute is of one period.
import type { Finding, Tally } from "./tally.js";

interface Shown {
  readonly banner: number;
  several: boolean;
  repeats: number;
  example: Finding | undefined;
}

const MINUTE_MS = 60_000;

export class Repeats {
  readonly #tally: Tally;
  #minute = NaN;
  #campaigns = new Map<number, Shown>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  note(campaign: number, banner: number, sentOn: number, receivedOn: number, repeat: Finding | undefined): void {
    const minute = Math.floor(receivedOn / MINUTE_MS);
    if (minute !== this.#minute) {
      this.settle();
      this.#minute = minute;
    }
    if (Math.floor(sentOn / MINUTE_MS) !== minute) {
      // It may belong to either period, and so proves nothing about one.
      if (repeat !== undefined) this.#tally.addUnjudgedRepeats(campaign, 1);
      return;
    }
    const seen = this.#campaigns.get(campaign) ?? { banner, several: false, repeats: 0, example: undefined };
    this.#campaigns.set(campaign, seen);
    if (banner !== seen.banner) seen.several = true;
    if (repeat !== undefined) seen.repeats++;
    seen.example ??= repeat;
  }

  settle(): void {
    for (const [campaign, { several, repeats, example }] of this.#campaigns)
      if (example !== undefined) {
        if (several) this.#tally.violations.add("repeat", example, repeats);
        else this.#tally.addUnjudgedRepeats(campaign, repeats);
      }
    this.#campaigns.clear();
  }
}
