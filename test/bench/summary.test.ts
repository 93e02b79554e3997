import t from "tap";
import { noiseOfGroup, rowsOf, type Row } from "../../bench/summary.js";
import { madeResults, type MadeArm } from "./made-results.js";
import { ENVIRONMENT } from "./made-environment.js";

function rowsWith(...others: MadeArm[]): Map<string, Row> {
  const [group] = madeResults(ENVIRONMENT, others).groups;
  return new Map(rowsOf(group!, group!.comparisons[0]!).map((row) => [row.name, row]));
}

await t.test("the noise is that of Billboard against itself, for each figure on its own", (t) => {
  const [group] = madeResults(ENVIRONMENT, []).groups;
  const { requestsPerSecond, processorTime } = noiseOfGroup(group!);
  t.equal(requestsPerSecond.most, 1.05);
  t.equal(processorTime.most.toFixed(6), "1.200000");
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
  t.equal(slower.against!.ratio.median, 0.5);
  t.equal(slower.against!.isDifferent, true);
  t.equal(rows.get("slower")!.processorTime.against!.ratio.median, 2);
  t.equal(rows.get("alike")!.requestsPerSecond.against!.isDifferent, false);
  t.end();
});

await t.test("a percentile is told where each round had an answer beyond it", (t) => {
  const [few, more] = ["few", "more"];
  const rows = rowsWith(
    { name: few, label: "", rounds: [900, 900, 900] },
    { name: more, label: "", rounds: [10_000, 10_000, 10_000] },
  );
  const [tenth, half] = rows.get(few)!.latency;
  t.same([tenth!.p50?.median, tenth!.p99, tenth!.p999], [10, undefined, undefined], "90 answers");
  t.same([half!.p99?.median, half!.p999], [501, undefined], "450 answers");
  t.equal(rows.get(more)!.latency[0]!.p999?.median, 200, "1,000 answers");
  t.equal(half!.max, 1502, "of all rounds");
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

await t.test("who was at the limit is told of all rounds, and of new connections on their own", (t) => {
  const rows = rowsWith({ name: "idle", label: "", rounds: [1000, 1000, 1000], limit: "neither" });
  t.same(rows.get("idle")!.limits, ["neither"]);
  t.same(rows.get("idle")!.newConnections?.limits, ["generator"]);
  t.equal(rows.get("idle")!.newConnections?.median, 100);
  t.end();
});
