import t from "tap";
import type { Figures } from "../../../tools/load-test/figures.js";
import { summary } from "../../../tools/load-test/summary.js";

const FIGURES: Figures = {
  server: "http://127.0.0.1:8080",
  scenario: "visitors",
  campaigns: [1, 2, 3, 9],
  campaigns_from: "as asked",
  connections: 32,
  requests: 6000,
  complete: 6000,
  failed: { total: 0, kinds: {} },
  violations: { total: 0, kinds: {} },
  unjudged_repeats: {},
  recorded: 0,
  body_bytes: 123456,
  seconds: 2,
  requests_per_second: 3000,
  requests_per_minute: 180000,
  required_per_minute: 5000,
  latency_ms: {
    mean: 1.234,
    longest: 20.5,
    percentiles: { 50: 1, 66: 1, 75: 2, 80: 2, 90: 3, 95: 4, 98: 5, 99: 6, 100: 20.5 },
  },
  longest_delay_ms: null,
  shortcomings: [],
};

await t.test("A run that passed is told in full", (t) => {
  t.equal(
    summary(FIGURES),
    `Server:                 http://127.0.0.1:8080
Scenario:               visitors
Campaigns:              4, as asked: 1-3,9
Concurrency:            32
Time taken:             2.000 seconds
Complete requests:      6000 of 6000
Failed requests:        0
Violations:             0
Repeats not judged:     0
Bytes in bodies:        123456
Requests per second:    3000.0
Requests per minute:    180000.0 (required: 5000)
Time per request:       1.23 ms mean, 20.50 ms longest

Percentage of the complete requests answered within a certain time (ms)
   50 %       1.00
   66 %       1.00
   75 %       2.00
   80 %       2.00
   90 %       3.00
   95 %       4.00
   98 %       5.00
   99 %       6.00
  100 %      20.50 (longest request)

PASSED: 6000 requests, none failed, none against the rules, 180000.0 a minute
`,
  );
  t.end();
});

await t.test("A run that failed shows every kind of finding with its examples, and the shortcomings last", (t) => {
  const examples = [{ campaign: 7, visitor: 3, got: "status 500", expected: "status 200" }];
  const text = summary({
    ...FIGURES,
    failed: { total: 3, kinds: { "status 500": { count: 2, examples }, "timed out": { count: 1, examples: [] } } },
    violations: { total: 1, kinds: { banner: { count: 1, examples: [] } } },
    shortcomings: ["3 failed", "1 against the rules"],
  });
  t.match(text, "Failed requests:        3 (status 500: 2, timed out: 1)\n");
  t.match(text, "Violations:             1 (banner: 1)\n");
  t.match(text, "\nstatus 500: 2, of which the first:\n  campaign 7, visitor 3: got status 500, expected status 200\n");
  t.match(text, "\nbanner: 1, of which the first:\n");
  t.ok(text.endsWith("\nFAILED: 3 failed; 1 against the rules\n"));
  t.end();
});

await t.test("Repeats that could not be judged are told with their campaigns", (t) => {
  const text = summary({ ...FIGURES, unjudged_repeats: { 7: 5, 8: 1 } });
  t.match(text, "Repeats not judged:     6 (only --index tells whether there was another banner: 7-8)\n");
  t.end();
});

await t.test("Visits that the server has recorded are told", (t) => {
  const text = summary({ ...FIGURES, recorded: 5990 });
  t.match(text, "Recorded visits:        5990 or more, as if of visitors (--ignore-header leaves them out)\n");
  t.end();
});

await t.test("An open load tells how late it sent, and the tolerance of its rate", (t) => {
  const text = summary({ ...FIGURES, connections: null, longest_delay_ms: 1.5 });
  t.notMatch(text, "Concurrency:");
  t.match(text, "(required: 5000 within 1 %)\n");
  t.match(text, "Sent late:              1.50 ms longest, counted in the times of requests\n");
  t.end();
});

await t.test("A run without an answer has no times", (t) => {
  const text = summary({
    ...FIGURES,
    complete: 0,
    latency_ms: null,
    shortcomings: ["interrupted after 0 of 6000 requests"],
  });
  t.notMatch(text, "Time per request:");
  t.notMatch(text, "Percentage");
  t.end();
});
