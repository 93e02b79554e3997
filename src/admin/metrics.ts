/** Describes the metrics, and writes them in the text format of Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Registry, type CounterConfiguration } from "prom-client";
import {
  CONNECTIONS_REFUSED,
  DECISIONS,
  EXPLORED,
  LOOP_DELAY_MAX,
  LOOP_DELAY_P50,
  LOOP_DELAY_P99,
  ORIGINS_TURNED_AWAY,
  REPEATS_AVOIDED,
  REQUEST_SERIES,
} from "../response/counters.js";
import { RULES } from "../index/sections.js";
import { RELOAD_RESULTS, type ReloadResult } from "../index/reload.js";
import { PULL_RESULTS } from "../pull/pull-state.js";
import { RECORDED_KINDS } from "../recording/event-kinds.js";
import { uncountedClicks } from "./recording-status.js";
import { REFUSAL_REASONS, type Refusal } from "./route.js";
import type { ServerState } from "./state.js";

export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

const DELAYS = { p50: LOOP_DELAY_P50, p99: LOOP_DELAY_P99, max: LOOP_DELAY_MAX } as const;
const NANOSECONDS = 1e9;

type Configuration = Omit<CounterConfiguration<string>, "collect"> & { readonly collect: () => void };
type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

export class Metrics {
  readonly #registry = new Registry();
  readonly #reloads = new Map<string, number>(RELOAD_RESULTS.map((result) => [result, 0]));
  readonly #refusals = new Map<string, number>(REFUSAL_REASONS.map((reason) => [reason, 0]));

  constructor(state: ServerState) {
    const total = (counter: number): number => state.counters.reduce((sum, counters) => sum + counters[counter]!, 0);

    this.#add(Counter, "http_requests_total", "Requests answered, by route and status", ["route", "code"], () =>
      REQUEST_SERIES.map(({ route, code }, counter) => [total(counter), { route, code: String(code) }]),
    );
    this.#add(Counter, "decisions_total", "Banners chosen, by the rule that made the collection", ["rule"], () =>
      RULES.map((rule, index) => [total(DECISIONS + index), { rule }]),
    );
    const avoided = "Decisions that left out the banner that the visitor was shown last";
    this.#add(Counter, "repeat_avoided_total", avoided, [], () => [[total(REPEATS_AVOIDED)]]);
    const explored = "Decisions that drew from all banners of a cell, to explore";
    this.#add(Counter, "explored_total", explored, [], () => [[total(EXPLORED)]]);

    const turnedAway = "Requests of other sites' programs that ALLOWED_ORIGINS does not allow";
    this.#add(Counter, "origins_turned_away_total", turnedAway, [], () => [[total(ORIGINS_TURNED_AWAY)]]);

    this.#add(Counter, "index_reloads_total", "Reloads, by result", ["result"], () =>
      Array.from(this.#reloads, ([result, reloads]) => [reloads, { result }]),
    );
    const info = "1 for the generation that is served, 0 with none before the first index";
    this.#add(Gauge, "index_info", info, ["generation"], () => [
      [state.served === undefined ? 0 : 1, { generation: state.served?.index.generation ?? "" }],
    ]);
    const loaded = "When the index that is served was loaded, in seconds since 1970; 0 before the first";
    this.#add(Gauge, "index_loaded_timestamp_seconds", loaded, [], () => [[(state.served?.loadedAt ?? 0) / 1000]]);

    const fixed = "The period that PERIOD fixes; 0 where the clock tells it";
    this.#add(Gauge, "fixed_period", fixed, [], () => [[state.fixedPeriod ?? 0]]);

    const answered =
      "When the source of the index last gave a good answer, in seconds since 1970; 0 before the first, or without a source";
    this.#add(Gauge, "pull_last_success_timestamp_seconds", answered, [], () => [
      [(state.pull?.lastSuccessAt ?? 0) / 1000],
    ]);
    this.#add(
      Counter,
      "pull_transfers_total",
      "Times that the source of the index was asked, by result",
      ["result"],
      () => PULL_RESULTS.map((result) => [state.pull?.transfers[result] ?? 0, { result }]),
    );
    this.#add(Counter, "pull_bytes_total", "Bytes of indexes that were received", [], () => [[state.pull?.bytes ?? 0]]);

    const engine = "1 for the engine that serves the public port: uws is uWebSockets.js, node is node:http";
    this.#add(Gauge, "engine_info", engine, ["engine"], () => [[1, { engine: state.engine }]]);
    this.#add(Gauge, "workers", "Worker threads that have the public port open", [], () => [[state.listening]]);
    this.#add(Counter, "worker_restarts_total", "Worker threads that were restarted", [], () => [[state.restarts]]);
    this.#add(Gauge, "connections", "Connections of visitors that are open", [], () => [[state.connections.open]]);
    const limit =
      "Connections that visitors may have open, by the descriptors that the process may have; 0 for no limit";
    this.#add(Gauge, "connections_limit", limit, [], () => [[state.connections.limit]]);
    const closed = "Connections of visitors that were closed at once, since there were too many";
    this.#add(Counter, "connections_refused_total", closed, [], () => [[total(CONNECTIONS_REFUSED)]]);
    const hangs = "Times that a worker thread was found to hang";
    this.#add(Counter, "worker_hangs_total", hangs, [], () => [[state.hangs]]);
    const dropped = "Lines of the log that were dropped, since they could not be written";
    this.#add(Counter, "log_lines_dropped_total", dropped, [], () => [[state.logLinesDropped]]);
    const delay =
      "How long a worker's event loop kept a timer waiting, over the last half minute to minute: median, 99th percentile and most";
    this.#add(Gauge, "worker_event_loop_delay_seconds", delay, ["worker", "statistic"], () =>
      state.counters.flatMap((counters, index) =>
        Object.entries(DELAYS).map(([statistic, counter]): Sample => [
          counters[counter]! / NANOSECONDS,
          { worker: String(index + 1), statistic },
        ]),
      ),
    );
    const refused = "Requests to the administration port that were refused, by the reason";
    this.#add(Counter, "admin_refused_total", refused, ["reason"], () =>
      Array.from(this.#refusals, ([reason, refusals]) => [refusals, { reason }]),
    );

    const recorded = "Events that were written to the files of RECORD, by kind";
    this.#add(Counter, "recorded_total", recorded, ["kind"], () =>
      RECORDED_KINDS.map((kind) => [state.recording?.recorded[kind] ?? 0, { kind }]),
    );
    const lost = "Events that were lost, since they could not be written for long, by kind";
    this.#add(Counter, "recording_dropped_total", lost, ["kind"], () => [
      [state.recording?.dropped.impressions ?? 0, { kind: "impressions" }],
      [state.recording?.dropped.clicks ?? 0, { kind: "clicks" }],
    ]);
    const uncounted = "Clicks that led on to the banner's link and did not count, by the reason";
    this.#add(Counter, "clicks_uncounted_total", uncounted, ["reason"], () =>
      Object.entries(uncountedClicks(state.counters, state.recording)).map(([reason, clicks]) => [clicks, { reason }]),
    );
    const failing = "1 while events cannot be written to the files of RECORD, else 0";
    this.#add(Gauge, "recording_failing", failing, [], () => [[state.recording?.failure === undefined ? 0 : 1]]);
    const closedFiles = "Files of RECORD that were closed, which a build reads from then on";
    this.#add(Counter, "recording_files_closed_total", closedFiles, [], () => [[state.recording?.closedFiles ?? 0]]);
    this.#add(Counter, "recording_bytes_total", "Bytes that were written to the files of RECORD", [], () => [
      [state.recording?.bytes ?? 0],
    ]);
    const written = "When events were last written, in seconds since 1970; 0 before the first";
    this.#add(Gauge, "recording_last_write_timestamp_seconds", written, [], () => [
      [(state.recording?.lastWrite ?? 0) / 1000],
    ]);
    const sent = "Requests with conversions, by the status of the reply";
    this.#add(Counter, "conversion_requests_total", sent, ["code"], () =>
      Array.from(state.recording?.replies ?? new Map([[202, 0]]), ([code, requests]) => [
        requests,
        { code: String(code) },
      ]),
    );

    collectDefaultMetrics({ register: this.#registry });
    // The other default metrics are of the main thread alone, which serves no visitor.
    for (const { name } of this.#registry.getMetricsAsArray())
      if (!/^(billboard|process)_/.test(name)) this.#registry.removeSingleMetric(name);
  }

  /** `samples` is called at each scrape, since the totals live in shared memory. */
  #add(
    Metric: new (configuration: Configuration) => Pick<Counter, "reset" | "inc">,
    name: string,
    help: string,
    labelNames: readonly string[],
    samples: () => readonly Sample[],
  ): void {
    const collect = (): void => {
      metric.reset();
      for (const [value, labels = {}] of samples()) metric.inc(labels, value);
    };
    const registers = [this.#registry];
    const metric = new Metric({ name: `billboard_${name}`, help, labelNames, registers, collect });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  countReload({ result }: ReloadResult): void {
    this.#reloads.set(result, this.#reloads.get(result)! + 1);
  }

  countRefusal({ reason }: Refusal): void {
    this.#refusals.set(reason, this.#refusals.get(reason)! + 1);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  async describe(): Promise<readonly MetricDescription[]> {
    const metrics = await this.#registry.getMetricsAsJSON();
    return metrics.map(({ name, type, help, values }) => ({
      name,
      type: String(type),
      labels: Object.keys(values[0]?.labels ?? {}),
      help,
    }));
  }
}
