import t from "tap";
import { noiseOfGroup, rowsOf, type Row } from "../../../bench/report/rows.js";
import { madeResults, type MadeServer } from "./made-results.js";
import { ENVIRONMENT } from "./made-environment.js";

function rowsWith(...others: MadeServer[]): Map<string, Row> {
  const [group] = madeResults(ENVIRONMENT, others).groups;
  return new Map(rowsOf(group!, group!.comparisons[0]!).map((row) => [row.name, row]));
}

await t.test("the noise is that of Billboard against itself, for each figure on its own", (t) => {
  const [group] = madeResults(ENVIRONMENT, []).groups;
  const { requestsPerSecond, processorTime } = noiseOfGroup(group!);
  t.equal(requestsPerSecond, 1.05);
  t.equal(processorTime.toFixed(6), "1.200000");
  t.end();
});

await t.test("each row is held against the first, round by round", (t) => {
  const rows = rowsWith(
    { name: "slower", label: "Slower", rounds: [50_000, 60_000, 55_000] },
    { name: "alike", label: "Alike", rounds: [98_000, 99_000, 109_000] },
  );
  t.equal(rows.get("billboard")!.requestsPerSecond.against, undefined);
  t.equal(rows.get("billboard")!.requestsPerSecond.median, 100_000);
  const slower = rows.get("slower")!.requestsPerSecond;
  t.same([slower.least, slower.median, slower.most], [50_000, 55_000, 60_000]);
  t.equal(slower.against!.median, 0.5);
  t.equal(slower.against!.isDifferent, true);
  t.equal(rows.get("slower")!.processorTime.against!.median, 2);
  t.equal(rows.get("alike")!.requestsPerSecond.against!.isDifferent, false);
  t.end();
});

await t.test("a percentile is told where each round had a response beyond it", (t) => {
  const rows = rowsWith({ name: "few", label: "", rounds: [900, 900, 900] });
  const [tenth, half] = rows.get("few")!.latency;
  t.same([tenth!.p50?.median, tenth!.p99], [10, undefined], "90 responses");
  t.equal(half!.p99?.median, 501, "450 responses");
  t.end();
});

await t.test("a generator that had no time left, or was late, is told of", (t) => {
  const rows = rowsWith(
    { name: "late", label: "", rounds: [1000, 1000, 1000], generatorBusy: 0.95 },
    { name: "early", label: "", rounds: [1000, 1000, 1000], generatorBusy: 0.85, latestSend: 999 },
    { name: "slow to send", label: "", rounds: [1000, 1000, 1000], latestSend: 1000 },
  );
  t.equal(rows.get("late")!.latency[0]!.isLate, true);
  t.equal(rows.get("slow to send")!.latency[0]!.isLate, true);
  t.equal(rows.get("early")!.latency[0]!.isLate, false);
  t.end();
});

await t.test("who was at the limit is told of all rounds", (t) => {
  const rows = rowsWith({ name: "idle", label: "", rounds: [1000, 1000, 1000], limit: "neither" });
  t.same(rows.get("idle")!.limits, ["neither"]);
  t.end();
});
