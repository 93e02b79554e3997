/** Describes the metrics, and writes them in the text format of Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import {
  DECISIONS,
  LOOP_DELAY_MAX,
  LOOP_DELAY_P50,
  LOOP_DELAY_P99,
  REPEATS_AVOIDED,
  REQUEST_SERIES,
} from "../response/counters.js";
import { RULES } from "../index/sections.js";
import { RELOAD_RESULTS, type ReloadResult } from "../index/reload.js";
import type { ServerState } from "./state.js";

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

  constructor(state: ServerState) {
    const registers = [this.#registry];
    const total = (counter: number): number => state.counters.reduce((sum, counters) => sum + counters[counter]!, 0);

    // The totals live in shared memory; prom-client's counters are set to them at each scrape.
    new Counter({
      name: "billboard_http_requests_total",
      help: "Requests answered, by route and status",
      labelNames: ["route", "code"],
      registers,
      collect() {
        this.reset();
        REQUEST_SERIES.forEach(({ route, code }, counter) => {
          this.inc({ route, code: String(code) }, total(counter));
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
        RULES.forEach((rule, at) => {
          this.inc({ rule }, total(DECISIONS + at));
        });
      },
    });
    new Counter({
      name: "billboard_repeat_avoided_total",
      help: "Decisions that left out the banner that the visitor was shown last",
      registers,
      collect() {
        this.reset();
        this.inc(total(REPEATS_AVOIDED));
      },
    });

    this.#reloads = new Counter({
      name: "billboard_index_reloads_total",
      help: "Reloads, by result",
      labelNames: ["result"],
      registers,
    });
    for (const result of RELOAD_RESULTS) this.#reloads.inc({ result }, 0);
    new Gauge({
      name: "billboard_index_info",
      help: "1 for the generation that is served, 0 with none before the first index",
      labelNames: ["generation"],
      registers,
      collect() {
        this.reset();
        this.set({ generation: state.served?.index.generation ?? "" }, state.served === undefined ? 0 : 1);
      },
    });
    new Gauge({
      name: "billboard_index_loaded_timestamp_seconds",
      help: "When the index that is served was loaded, in seconds since 1970; 0 before the first",
      registers,
      collect() {
        this.set((state.served?.loadedAt ?? 0) / 1000);
      },
    });

    new Gauge({
      name: "billboard_workers",
      help: "Worker threads that have the public port open",
      registers,
      collect() {
        this.set(state.listening);
      },
    });
    new Counter({
      name: "billboard_worker_restarts_total",
      help: "Worker threads that were restarted",
      registers,
      collect() {
        this.reset();
        this.inc(state.restarts);
      },
    });
    new Gauge({
      name: "billboard_worker_event_loop_delay_seconds",
      help: "How long a worker's event loop kept a timer waiting, over the last half minute to minute: median, 99th percentile and most",
      labelNames: ["worker", "statistic"],
      registers,
      collect() {
        state.counters.forEach((counters, at) => {
          for (const [statistic, counter] of Object.entries(DELAYS))
            this.set({ worker: String(at + 1), statistic }, counters[counter]! / NANOSECONDS);
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

  countReload({ result }: ReloadResult): void {
    this.#reloads.inc({ result });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

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
