import t from "tap";
import {
  CLICKS_UNCOUNTED,
  DECISIONS,
  EXPLORED,
  LOOP_DELAY_MAX,
  LOOP_DELAY_P50,
  LOOP_DELAY_P99,
  newCounters,
  ORIGINS_TURNED_AWAY,
  REPEATS_AVOIDED,
  REQUEST_SERIES,
  requestSeries,
  ROUTES,
  totalRequests,
  UNCOUNTED_CLICKS,
  type Counters,
} from "../../../src/response/counters.js";
import { RULES } from "../../../src/index/sections.js";
import { REFUSAL_REASONS } from "../../../src/admin/route.js";
import { Metrics } from "../../../src/admin/metrics.js";
import { decode, type Index } from "../../../src/index/format.js";
import { FIRST, SECOND } from "../published.js";
import { seriesIn } from "./metric.js";
import { MOMENT, RECORDING, stateOf } from "./server-state.js";

const TWO_WORKERS = [newCounters(), newCounters()];

const seriesOf = async (metrics: Metrics): Promise<ReadonlyMap<string, number>> => seriesIn(await metrics.text());

/** All but what the process itself has. */
const own = (series: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...series].filter(([name]) => name.startsWith("billboard_")));

await t.test("every series is there from the start, with 0", async (t) => {
  const requests = Object.entries(ROUTES).flatMap(([route, codes]) =>
    codes.map((code) => `billboard_http_requests_total{route="${route}",code="${code}"}`),
  );
  const delays = [1, 2].flatMap((worker) =>
    ["p50", "p99", "max"].map(
      (statistic) => `billboard_worker_event_loop_delay_seconds{worker="${worker}",statistic="${statistic}"}`,
    ),
  );
  const names = [
    ...requests,
    ...RULES.map((rule) => `billboard_decisions_total{rule="${rule}"}`),
    "billboard_repeat_avoided_total",
    "billboard_explored_total",
    ...["impressions", "clicks", "conversions"].map((kind) => `billboard_recorded_total{kind="${kind}"}`),
    ...["impressions", "clicks"].map((kind) => `billboard_recording_dropped_total{kind="${kind}"}`),
    ...UNCOUNTED_CLICKS.map((reason) => `billboard_clicks_uncounted_total{reason="${reason}"}`),
    "billboard_recording_failing",
    "billboard_recording_files_closed_total",
    "billboard_recording_bytes_total",
    "billboard_recording_last_write_timestamp_seconds",
    'billboard_conversion_requests_total{code="202"}',
    ...["replaced", "unchanged", "refused"].map((result) => `billboard_index_reloads_total{result="${result}"}`),
    ...REFUSAL_REASONS.map((reason) => `billboard_admin_refused_total{reason="${reason}"}`),
    "billboard_origins_turned_away_total",
    'billboard_index_info{generation=""}',
    "billboard_index_loaded_timestamp_seconds",
    "billboard_fixed_period",
    "billboard_pull_last_success_timestamp_seconds",
    ...["replaced", "unchanged", "refused", "failed"].map(
      (result) => `billboard_pull_transfers_total{result="${result}"}`,
    ),
    "billboard_pull_bytes_total",
    "billboard_workers",
    "billboard_worker_restarts_total",
    "billboard_connections",
    "billboard_connections_limit",
    "billboard_connections_refused_total",
    "billboard_worker_hangs_total",
    "billboard_log_lines_dropped_total",
    ...delays,
  ];
  const series = await seriesOf(new Metrics(stateOf({ counters: TWO_WORKERS, listening: 0 })));
  const ofEngine = { 'billboard_engine_info{engine="uws"}': 1 };
  t.same(own(series), { ...Object.fromEntries(names.map((name) => [name, 0])), ...ofEngine });
  for (const name of ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_start_time_seconds"])
    t.ok(series.get(name)! > 0, name);
  t.ok([...series.keys()].every((name) => /^(billboard|process)_/.test(name)));
});

await t.test("what the workers have counted is summed, at each scrape anew", async (t) => {
  const counters: [Counters, Counters] = [newCounters(), newCounters()];
  const metrics = new Metrics(stateOf({ counters }));
  const expected: Record<string, number> = {};
  // Each place has a number of its own, so that none can stand for another.
  const count = (place: number, name: string): void => {
    counters[0][place] = 1000 + place;
    counters[1][place] = 2 ** 40 * (place + 1);
    expected[name] = 1000 + place + 2 ** 40 * (place + 1);
  };
  REQUEST_SERIES.forEach(({ route, code }, place) => {
    count(place, `billboard_http_requests_total{route="${route}",code="${code}"}`);
  });
  RULES.forEach((rule, place) => {
    count(DECISIONS + place, `billboard_decisions_total{rule="${rule}"}`);
  });
  count(REPEATS_AVOIDED, "billboard_repeat_avoided_total");
  count(EXPLORED, "billboard_explored_total");
  count(ORIGINS_TURNED_AWAY, "billboard_origins_turned_away_total");
  UNCOUNTED_CLICKS.slice(0, -1).forEach((reason, place) => {
    count(CLICKS_UNCOUNTED + place, `billboard_clicks_uncounted_total{reason="${reason}"}`);
  });
  for (let scrape = 1; scrape <= 2; scrape++) {
    const series = await seriesOf(metrics);
    t.same(Object.fromEntries(Object.keys(expected).map((name) => [name, series.get(name)])), expected);
  }
  t.equal(
    totalRequests(counters),
    REQUEST_SERIES.reduce((sum, _, place) => sum + 1000 + place + 2 ** 40 * (place + 1), 0),
  );
});

await t.test("the generation, its age, the workers and their delays are those of now", async (t) => {
  const counters = newCounters();
  const indexOf = (bytes: Uint8Array): Index => decode(Uint8Array.from(bytes));
  let index = indexOf(FIRST);
  const { generation } = index;
  const metrics = new Metrics(
    stateOf({ counters: [counters], index: () => index, listening: 1, restarts: 4, hangs: 6, logLinesDropped: 5 }),
  );
  counters[LOOP_DELAY_P50] = 1e6;
  counters[LOOP_DELAY_P99] = 2e6;
  counters[LOOP_DELAY_MAX] = 3e9;
  const before = await seriesOf(metrics);
  t.equal(before.get(`billboard_index_info{generation="${generation}"}`), 1);
  t.equal(before.get("billboard_index_loaded_timestamp_seconds"), MOMENT / 1000 - 90);
  t.equal(before.get("billboard_worker_restarts_total"), 4);
  t.equal(before.get("billboard_worker_hangs_total"), 6);
  t.equal(before.get("billboard_log_lines_dropped_total"), 5);
  t.equal(before.get("billboard_workers"), 1);
  const delay = (statistic: string): number | undefined =>
    before.get(`billboard_worker_event_loop_delay_seconds{worker="1",statistic="${statistic}"}`);
  t.same(["p50", "p99", "max"].map(delay), [0.001, 0.002, 3]);

  index = indexOf(SECOND);
  metrics.countReload({ result: "replaced", generation: "bb", previous: "aa" });
  metrics.countReload({ result: "refused", generation: "bb", previous: "bb", reason: "altered" });
  metrics.countReload({ result: "refused", generation: "bb", previous: "bb", reason: "altered" });
  const after = own(await seriesOf(metrics));
  t.equal(after[`billboard_index_info{generation="${index.generation}"}`], 1);
  t.notOk(`billboard_index_info{generation="${generation}"}` in after, "one generation is served");
  t.equal(after['billboard_index_reloads_total{result="replaced"}'], 1);
  t.equal(after['billboard_index_reloads_total{result="refused"}'], 2);
});

await t.test("what is recorded, what was lost and why it fails are those of now", async (t) => {
  const recording = { ...RECORDING, dropped: { impressions: 11, clicks: 13 } };
  const series = await seriesOf(new Metrics(stateOf({ recording })));
  const expected = {
    'recorded_total{kind="impressions"}': 5_000_000,
    'recorded_total{kind="clicks"}': 40_000,
    'recorded_total{kind="conversions"}': 300,
    'recording_dropped_total{kind="impressions"}': 11,
    'recording_dropped_total{kind="clicks"}': 13,
    'clicks_uncounted_total{reason="repeated"}': 7,
    recording_failing: 0,
    recording_files_closed_total: 12,
    recording_bytes_total: 345_678,
    recording_last_write_timestamp_seconds: MOMENT / 1000 - 0.4,
    'conversion_requests_total{code="202"}': 290,
    'conversion_requests_total{code="400"}': 2,
  };
  t.same(Object.fromEntries(Object.keys(expected).map((name) => [name, series.get(`billboard_${name}`)])), expected);
  const failing = await seriesOf(new Metrics(stateOf({ recording: { ...recording, failure: "ENOSPC" } })));
  t.equal(failing.get("billboard_recording_failing"), 1);
});

await t.test("a code that a route never has is an error of the caller", (t) => {
  t.throws(() => requestSeries("campaign", 418), /campaign never responds with 418/);
  t.end();
});
