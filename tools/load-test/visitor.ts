/** One visitor: what a browser remembers of each campaign. */

export interface Memory {
  /** The banner shown last, 0 for none. */
  banner: number;
  /** What the Cookie header of the next request says, "" for nothing. */
  cookie: string;
}

export class Visitor {
  readonly #memories = new Map<number, Memory>();

  /** @param number tells visitors apart in reports, from 1 */
  constructor(readonly number: number) {}

  /** What this visitor knows of a campaign: a browser keeps cookies by path, and each campaign has a path of its own. */
  memoryOf(campaign: number): Memory {
    let memory = this.#memories.get(campaign);
    if (memory === undefined) {
      memory = { banner: 0, cookie: "" };
      this.#memories.set(campaign, memory);
    }
    return memory;
  }
}

/** One request. */
export interface Visit {
  readonly visitor: Visitor;
  readonly campaign: number;
  /** The moment from which latency counts, in milliseconds of the steady clock. */
  readonly since: number;
  /** The moment of sending, in milliseconds since 1970. */
  readonly sentOn: number;
}
