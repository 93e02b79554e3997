import t from "tap";
import type { Ending } from "../../../tools/load-test/run.js";
import { figuresOf, percentile, reachesRate, requiredRate, type Figures } from "../../../tools/load-test/figures.js";
import type { Load } from "../../../tools/load-test/scenarios.js";
import { Tally } from "../../../tools/load-test/tally.js";

const CLOSED: Load = { kind: "closed", requests: 100, connections: 32 };
const FINDING = { campaign: 7, visitor: 1, got: "this", expected: "that" };

function open(perMinute: number): Load {
  return { kind: "open", requests: 100, perMinute };
}

/** A run of so many answers, of 1 ms, 2 ms and so on, the last of which came after so many seconds. */
function tallyOf(complete: number, seconds: number): Tally {
  const tally = new Tally(complete);
  for (let latency = complete; latency >= 1; latency--) tally.addLatency(latency);
  tally.lastEnd = 1000 + seconds * 1000;
  return tally;
}

function figures(tally: Tally, load: Load = CLOSED, ending: Ending = "done"): Figures {
  const asked = { server: "http://127.0.0.1:1", scenario: "visitors", campaigns: [7], campaigns_from: "as asked" };
  return figuresOf(asked, { load, start: 1000, ending }, tally);
}

await t.test("A percentile is the least value that so many percent do not exceed", (t) => {
  const tens = Float64Array.from([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  t.same(
    [0, 50, 66, 75, 90, 91, 100].map((percent) => percentile(tens, percent)),
    [10, 50, 70, 80, 90, 100, 100],
  );
  t.equal(percentile(Float64Array.of(5), 50), 5);
  t.end();
});

await t.test("Latencies are exact, in milliseconds", (t) => {
  const { latency_ms } = figures(tallyOf(100, 1));
  t.same(latency_ms, {
    mean: 50.5,
    longest: 100,
    percentiles: { 50: 50, 66: 66, 75: 75, 80: 80, 90: 90, 95: 95, 98: 98, 99: 99, 100: 100 },
  });
  t.end();
});

await t.test("The rate is complete requests by the time from the first request to the last answer", (t) => {
  const { seconds, requests_per_second, requests_per_minute } = figures(tallyOf(100, 0.5));
  t.same(
    { seconds, requests_per_second, requests_per_minute },
    { seconds: 0.5, requests_per_second: 200, requests_per_minute: 12_000 },
  );
  t.end();
});

await t.test("A closed load has to reach 5,000 requests a minute, to the last", (t) => {
  t.equal(requiredRate(CLOSED), 5_000);
  t.equal(reachesRate(CLOSED, 5_000), true);
  t.equal(reachesRate(CLOSED, 4_999.9), false);
  t.end();
});

await t.test("An open load has to keep what it asks for, at most 5,000 a minute, within 1 %", (t) => {
  for (const [perMinute, required] of [
    [5_000, 5_000],
    [600, 600],
    [60_000, 5_000],
  ] as const) {
    t.equal(requiredRate(open(perMinute)), required);
    t.equal(reachesRate(open(perMinute), required * 0.99), true);
    t.equal(reachesRate(open(perMinute), required * 0.989), false);
  }
  t.end();
});

await t.test(
  "An open load lasts until its last interval is over, so that a quick last answer shows no higher rate",
  (t) => {
    t.equal(figures(tallyOf(100, 9.9), open(600)).requests_per_minute, 600);
    t.equal(figures(tallyOf(100, 20), open(600)).requests_per_minute, 300);
    t.equal(figures(tallyOf(10, 1), open(600), "interrupted").requests_per_minute, 600);
    t.end();
  },
);

await t.test("A run without shortcomings has passed", (t) => {
  t.same(figures(tallyOf(100, 1)).shortcomings, []);
  t.end();
});

await t.test("Failures, violations, a low rate and an early end are shortcomings, each by itself", (t) => {
  const failed = tallyOf(100, 1);
  failed.failed.add("status 500", FINDING);
  t.same(figures(failed).shortcomings, ["1 failed"]);
  const violated = tallyOf(100, 1);
  violated.violations.add("repeat", FINDING, 3);
  t.same(figures(violated).shortcomings, ["3 against the rules"]);
  t.same(figures(violated).violations, { total: 3, kinds: { repeat: { count: 3, examples: [FINDING] } } });
  t.same(figures(tallyOf(100, 2)).shortcomings, ["3000.0 requests a minute where 5000 are required"]);
  t.same(figures(tallyOf(90, 1), CLOSED, "interrupted").shortcomings, ["interrupted after 90 of 100 requests"]);
  t.same(figures(tallyOf(90, 1), CLOSED, "server gone").shortcomings, ["given up after 90 of 100 requests"]);
  t.end();
});

await t.test("A run without a single answer has figures too", (t) => {
  const { seconds, requests_per_minute, latency_ms, shortcomings } = figures(new Tally(100), CLOSED, "interrupted");
  t.same({ seconds, requests_per_minute, latency_ms }, { seconds: 0, requests_per_minute: 0, latency_ms: null });
  t.equal(shortcomings[0], "interrupted after 0 of 100 requests");
  t.end();
});

await t.test("Findings are counted by kind, with the first three of each", (t) => {
  const tally = tallyOf(100, 1);
  for (const visitor of [1, 2, 3, 4]) tally.violations.add("cookie", { ...FINDING, visitor });
  const { total, kinds } = figures(tally).violations;
  t.equal(total, 4);
  t.equal(kinds["cookie"]?.count, 4);
  t.same(
    kinds["cookie"]?.examples.map(({ visitor }) => visitor),
    [1, 2, 3],
  );
  t.end();
});

await t.test("There are never more connections than requests, and an open load has no number of them", (t) => {
  t.equal(figures(tallyOf(1, 1)).connections, 32);
  t.equal(figures(tallyOf(1, 1), { kind: "closed", requests: 4, connections: 32 }).connections, 4);
  t.equal(figures(tallyOf(1, 1), open(600)).connections, null);
  t.end();
});
