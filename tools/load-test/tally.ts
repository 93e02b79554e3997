/** Counts what came of the requests of a run, with the first few of everything that went wrong. */

const EXAMPLES = 3;

export interface Finding {
  readonly campaign: number;
  readonly visitor: number;
  readonly got: string;
  readonly expected: string;
}

export interface FindingGroup {
  count: number;
  readonly examples: Finding[];
}

export class Findings {
  total = 0;
  readonly kinds: Record<string, FindingGroup> = {};

  add(kind: string, finding: Finding, count = 1): void {
    const group = (this.kinds[kind] ??= { count: 0, examples: [] });
    group.count += count;
    this.total += count;
    if (group.examples.length < EXAMPLES) group.examples.push(finding);
  }
}

export class Tally {
  readonly failed = new Findings();
  readonly violations = new Findings();
  readonly unjudgedRepeats: Record<number, number> = {};
  complete = 0;
  bodyBytes = 0;
  /** Pages whose link says that the server has recorded the visit. */
  recorded = 0;
  /** When the last request was answered or lost, in milliseconds of the steady clock. */
  lastEnd = NaN;
  /** Milliseconds from when a request was due until it was sent. */
  longestDelay = 0;
  readonly #latencies: Float64Array;

  constructor(requests: number) {
    this.#latencies = new Float64Array(requests);
  }

  addLatency(latency: number): void {
    this.#latencies[this.complete++] = latency;
  }

  addUnjudgedRepeats(campaign: number, count: number): void {
    this.unjudgedRepeats[campaign] = (this.unjudgedRepeats[campaign] ?? 0) + count;
  }

  sortedLatencies(): Float64Array {
    return this.#latencies.slice(0, this.complete).sort();
  }
}
