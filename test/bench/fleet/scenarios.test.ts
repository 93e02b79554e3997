import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { tableOf } from "../../../bench/fleet/report.js";
import { runScenarios } from "../../../bench/fleet/scenarios.js";
import { ROOT } from "../../../tools/docs/documents.js";

const SIZE = { replicas: 40, indexBytes: 1e9, poll: 60, seed: "test" };

await t.test("all replicas get the new index, and the origin sends it once to each, or to each site", (t) => {
  const rows = runScenarios(SIZE);
  const news = rows.filter(({ arrivals }) => arrivals !== undefined);
  t.equal(news.length, 5);
  for (const { what, arrivals, outcome } of news) {
    t.equal(arrivals!.length, SIZE.replicas, what);
    t.ok(arrivals!.every((after) => after > 0));
    const copies = what.includes("CDN") ? 20 : SIZE.replicas;
    t.ok(Math.abs(outcome.bytes / (copies * SIZE.indexBytes) - 1) < 1e-9, what);
  }
  for (const { outcome } of rows.filter(({ arrivals }) => arrivals === undefined)) t.equal(outcome.bytes, 0);
  t.end();
});

await t.test("jitter spreads replicas that were started together", (t) => {
  const peaks = new Map(runScenarios(SIZE).map(({ what, outcome }) => [what, outcome.peakRequests]));
  t.equal(peaks.get("the same, started together, without jitter"), SIZE.replicas);
  t.ok(peaks.get("the same, started together, with jitter")! < SIZE.replicas / 4);
  t.end();
});

await t.test("no replica waits longer for an origin that is back than the longest delay", (t) => {
  const row = runScenarios(SIZE).find(({ what }) => what.includes("until 10 min after"))!;
  // Ten minutes after the publication it is back; five minutes and a fifth; 40 GB over 10 Gbit/s.
  t.ok(Math.max(...row.arrivals!) < 600 + 360 + 33);
  t.ok(Math.min(...row.arrivals!) > 600 + 8 - 1e-6);
  t.end();
});

await t.test("the same seed prints the same table, and another one another", (t) => {
  const table = tableOf(runScenarios(SIZE));
  t.equal(tableOf(runScenarios(SIZE)), table);
  t.not(tableOf(runScenarios({ ...SIZE, seed: "other" })), table);
  t.equal(table.split("\n").length, 2 + 8 + 1);
  t.end();
});

await t.test("docs/scaling.md has the table that the program prints", (t) => {
  const table = tableOf(runScenarios({ replicas: 1000, indexBytes: 1e9, poll: 60, seed: "fleet" }));
  const text = readFileSync(join(ROOT, "docs/scaling.md"), "utf8");
  t.equal(/<!-- fleet: .* -->\n\n([^]*?)\n<!-- end of fleet -->/.exec(text)?.[1], table);
  t.end();
});
