/** What came of the requests of a run: counts, latencies, and the first few of everything that went wrong. */

/** How many of each kind are shown. */
const EXAMPLES = 3;

export interface Fault {
  readonly campaign: number;
  readonly visitor: number;
  readonly got: string;
  readonly expected: string;
}

export interface FaultGroup {
  count: number;
  readonly examples: Fault[];
}

export class Faults {
  readonly kinds = new Map<string, FaultGroup>();
  total = 0;

  /** @param count how many such faults the one that is handed in stands for */
  add(kind: string, fault: Fault, count = 1): void {
    let group = this.kinds.get(kind);
    if (group === undefined) {
      group = { count: 0, examples: [] };
      this.kinds.set(kind, group);
    }
    group.count += count;
    this.total += count;
    if (group.examples.length < EXAMPLES) group.examples.push(fault);
  }
}

export class Tally {
  /** Requests that brought no page: transport errors, timeouts, another status than 200. */
  readonly failed = new Faults();
  /** Answers that break a rule; one may break several. */
  readonly violations = new Faults();
  /** Campaigns of which nobody can say whether a repeat was wrong, with how many there were. */
  readonly unjudgedRepeats = new Map<number, number>();
  complete = 0;
  bodyBytes = 0;
  /** When the last request was answered or lost, in milliseconds of the steady clock. */
  lastEnd = NaN;
  /** The most milliseconds that a request was sent after it was due. */
  longestDelay = 0;
  readonly #latencies: Float64Array;

  /** @param requests the most that will be answered */
  constructor(requests: number) {
    this.#latencies = new Float64Array(requests);
  }

  /** @param latency in milliseconds */
  addLatency(latency: number): void {
    this.#latencies[this.complete++] = latency;
  }

  addUnjudgedRepeats(campaign: number, count: number): void {
    this.unjudgedRepeats.set(campaign, (this.unjudgedRepeats.get(campaign) ?? 0) + count);
  }

  /** The latencies of all complete requests in ascending order, in milliseconds. */
  sortedLatencies(): Float64Array {
    return this.#latencies.slice(0, this.complete).sort();
  }
}
