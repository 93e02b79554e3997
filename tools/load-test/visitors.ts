/** Holds what a browser remembers of each campaign, and makes visits of it. */
import type { Clock } from "./clock.js";
import { requestText, type Outcome } from "./connection.js";
import type { Judge } from "./judge.js";

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

  /** A browser keeps cookies by path, and each campaign has a path of its own. */
  memoryOf(campaign: number): Memory {
    let memory = this.#memories.get(campaign);
    if (memory === undefined) {
      memory = { banner: 0, cookie: "" };
      this.#memories.set(campaign, memory);
    }
    return memory;
  }
}

export interface Visit {
  readonly visitor: Visitor;
  readonly campaign: number;
  /** The moment from which latency counts, in milliseconds of the steady clock. */
  readonly since: number;
  /** The moment of sending, in milliseconds since 1970. */
  readonly sentOn: number;
}

/** Makes requests of visits, and hands what comes of them to the judge. */
export class Visits {
  readonly #host: string;
  readonly #judge: Judge;
  readonly #clock: Clock;

  constructor(host: string, judge: Judge, clock: Clock) {
    this.#host = host;
    this.#judge = judge;
    this.#clock = clock;
  }

  begin(visitor: Visitor, campaign: number, since = this.#clock.steady()): Visit {
    return { visitor, campaign, since, sentOn: this.#clock.date() };
  }

  request({ visitor, campaign }: Visit): string {
    return requestText(this.#host, `/campaigns/${campaign}`, visitor.memoryOf(campaign).cookie);
  }

  settle(visit: Visit, outcome: Outcome): void {
    if (typeof outcome === "string") this.#judge.lost(visit, outcome);
    else this.#judge.responded(visit, outcome);
  }
}

/**
 * Has as many visitors as are needed: none has two requests for one campaign under way, since the server could not know
 * then what was shown last. Those who have been there come again first, so that repeats show.
 */
export class VisitorPool {
  readonly #visitors: Visitor[] = [];
  /** For each campaign, who has been there and may come again, and how many have been there in all. */
  readonly #campaigns = new Map<number, { readonly idle: Visitor[]; count: number }>();

  take(campaign: number): Visitor {
    let visitors = this.#campaigns.get(campaign);
    if (visitors === undefined) {
      visitors = { idle: [], count: 0 };
      this.#campaigns.set(campaign, visitors);
    }
    const visitor = visitors.idle.pop();
    if (visitor !== undefined) return visitor;
    const number = visitors.count++;
    return (this.#visitors[number] ??= new Visitor(number + 1));
  }

  release(campaign: number, visitor: Visitor): void {
    this.#campaigns.get(campaign)?.idle.push(visitor);
  }
}
