/** Holds what browsers remember of each campaign, and says which visitor comes next. */

export interface Memory {
  banner: number;
  cookie: string;
}

export class Visitor {
  readonly #memories = new Map<number, Memory>();

  constructor(
    readonly number: number,
    public turn = 0,
  ) {}

  /** A browser keeps cookies by path, and each campaign has a path of its own. */
  memoryOf(campaign: number): Memory {
    const memory = this.#memories.get(campaign) ?? { banner: 0, cookie: "" };
    this.#memories.set(campaign, memory);
    return memory;
  }
}

interface Turn {
  readonly visitor: Visitor;
  readonly campaign: number;
}

export interface Visit extends Turn {
  /** The moment from which latency counts, in milliseconds of the steady clock. */
  readonly since: number;
  /** The moment of sending, in milliseconds since 1970. */
  readonly sentOn: number;
}

export class SeatedVisitors {
  readonly #campaigns: readonly number[];
  readonly #free: Visitor[];

  constructor(campaigns: readonly number[], count: number) {
    this.#campaigns = campaigns;
    this.#free = Array.from({ length: count }, (_, at) => {
      return new Visitor(count - at, Math.floor(((count - at - 1) * campaigns.length) / count));
    });
  }

  take(): Turn {
    const visitor = this.#free.pop()!;
    return { visitor, campaign: this.#campaigns[visitor.turn++ % this.#campaigns.length]! };
  }

  release({ visitor }: Turn): void {
    this.#free.push(visitor);
  }
}

/** No visitor has two requests for one campaign under way: the server could not know what was shown last. */
export class VisitorPool {
  readonly #asked: readonly number[];
  readonly #visitors: Visitor[] = [];
  /** Idle visitors come again first, so that repeats show. */
  readonly #campaigns = new Map<number, { readonly idle: Visitor[]; count: number }>();

  constructor(campaigns: readonly number[]) {
    this.#asked = campaigns;
    for (const campaign of campaigns) this.#campaigns.set(campaign, { idle: [], count: 0 });
  }

  take(request: number): Turn {
    const campaign = this.#asked[request % this.#asked.length]!;
    const visitors = this.#campaigns.get(campaign)!;
    let visitor = visitors.idle.pop();
    if (visitor === undefined) {
      const number = ++visitors.count;
      visitor = this.#visitors[number] ??= new Visitor(number);
    }
    return { visitor, campaign };
  }

  release({ visitor, campaign }: Turn): void {
    this.#campaigns.get(campaign)!.idle.push(visitor);
  }
}
