/** The metrics of the administration port, in the text format of Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import {
  DECISIONS,
  LOOP_DELAY_MAX,
  LOOP_DELAY_P50,
  LOOP_DELAY_P99,
  REPEATS_AVOIDED,
  REQUEST_SERIES,
  type Counters,
} from "../response/counters.js";
import { RULES } from "../index/sections.js";
import { RESULTS, type Verdict } from "../index/reload.js";

/** What is known at the moment of a scrape. */
export interface Observed {
  /** By worker. */
  readonly counters: readonly Counters[];
  readonly listening: number;
  readonly restarts: number;
  /** undefined before the first index. */
  readonly generation: string | undefined;
  /** Seconds since 1970; 0 before the first index. */
  readonly loadedAt: number;
}

export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const DELAYS = { p50: LOOP_DELAY_P50, p99: LOOP_DELAY_P99, max: LOOP_DELAY_MAX } as const;
const NANOSECONDS = 1e9;

export class Metrics {
  readonly #registry = new Registry();
  readonly #reloads: Counter<"result">;

  /** @param observe is asked once for each metric of a scrape */
  constructor(observe: () => Observed) {
    const registers = [this.#registry];
    const total = (place: number): number => observe().counters.reduce((sum, counters) => sum + counters[place]!, 0);

    // The totals live in shared memory; prom-client's counters are set to them anew at each scrape.
    new Counter({
      name: "billboard_http_requests_total",
      help: "Requests answered, by route and status",
      labelNames: ["route", "code"],
      registers,
      collect() {
        this.reset();
        REQUEST_SERIES.forEach(({ route, code }, place) => {
          this.inc({ route, code: String(code) }, total(place));
        });
      },
    });
    new Counter({
      name: "billboard_decisions_total",
      help: "Banners chosen, by the rule that made the collection",
      labelNames: ["rule"],
      registers,
      collect() {
        this.reset();
        RULES.forEach((rule, place) => {
          this.inc({ rule }, total(DECISIONS + place));
        });
      },
    });
    new Counter({
      name: "billboard_repeat_avoided_total",
      help: "Decisions that left out the banner which the visitor was shown last",
      registers,
      collect() {
        this.reset();
        this.inc(total(REPEATS_AVOIDED));
      },
    });

    this.#reloads = new Counter({
      name: "billboard_index_reloads_total",
      help: "Reloads by their verdict",
      labelNames: ["result"],
      registers,
    });
    for (const result of RESULTS) this.#reloads.inc({ result }, 0);
    new Gauge({
      name: "billboard_index_info",
      help: "1 for the generation that is served, 0 with none before the first index",
      labelNames: ["generation"],
      registers,
      collect() {
        const { generation } = observe();
        this.reset();
        this.set({ generation: generation ?? "" }, generation === undefined ? 0 : 1);
      },
    });
    new Gauge({
      name: "billboard_index_loaded_timestamp_seconds",
      help: "When the index that is served was taken up, in seconds since 1970; 0 before the first",
      registers,
      collect() {
        this.set(observe().loadedAt);
      },
    });

    new Gauge({
      name: "billboard_workers",
      help: "Worker threads that have the public port open",
      registers,
      collect() {
        this.set(observe().listening);
      },
    });
    new Counter({
      name: "billboard_worker_restarts_total",
      help: "Worker threads that were started in the place of one that had died",
      registers,
      collect() {
        this.reset();
        this.inc(observe().restarts);
      },
    });
    new Gauge({
      name: "billboard_worker_event_loop_delay_seconds",
      help: "How long a worker's event loop kept a timer waiting, over the last half minute to minute: median, 99th percentile and most",
      labelNames: ["worker", "statistic"],
      registers,
      collect() {
        observe().counters.forEach((counters, place) => {
          for (const [statistic, at] of Object.entries(DELAYS))
            this.set({ worker: String(place + 1), statistic }, counters[at]! / NANOSECONDS);
        });
      },
    });

    collectDefaultMetrics({ register: this.#registry });
    // What else it measures is of the main thread alone, which serves no visitor.
    for (const { name } of this.#registry.getMetricsAsArray())
      if (!/^(billboard|process)_/.test(name)) this.#registry.removeSingleMetric(name);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  countReload({ result }: Verdict): void {
    this.#reloads.inc({ result });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Of each its name, type, labels and help. */
  async describe(): Promise<readonly MetricDescription[]> {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics.map(({ name, type, help, values }) => ({
      name,
      // An enumeration by its declaration, a word in truth.
      type: String(type),
      labels: Object.keys(values[0]?.labels ?? {}),
      help,
    }));
  }
}
