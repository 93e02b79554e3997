import t from "tap";
import { EventCounts, OUTSIDE_COUNTER, type Cell } from "../../../build/count/counters.js";

/** A cell's banners as `id: impressions, clicks, conversions, revenue`, by id. */
function written({ period, campaign, banners }: Cell): [string, string[]] {
  return [
    `${campaign} in ${period}`,
    [...banners]
      .sort((a, b) => a.banner - b.banner)
      .map((each) => `${each.banner}: ${each.impressions}, ${each.clicks}, ${each.conversions}, ${each.revenue}`),
  ];
}

await t.test("many clicks are counted as they are one by one, but for those outside of the window", (t) => {
  const counts = new EventCounts(2);
  const columns = [Uint32Array.of(7, 7, 8, 7), Uint32Array.of(371, 372, 371, 371)] as const;
  const inOne = counts.countersOf(2, ...columns).slice(0, 4);
  t.strictSame(
    [...inOne],
    [0, 1, 2, 3].map((row) => counts.counterOf(2, columns[0][row]!, columns[1][row]!)),
  );
  t.equal(counts.addClicks(inOne, 1, 4), 3);
  const inEach = counts.countersOf(Uint8Array.of(1, 0, 2, 1), ...columns);
  t.equal(inEach[1], OUTSIDE_COUNTER);
  t.equal(counts.addClicks(inEach, 0, 4), 3);
  t.strictSame([...counts.cells()].map(written), [
    ["7 in 1", ["371: 0, 2, 0, 0"]],
    ["7 in 2", ["371: 0, 1, 0, 0", "372: 0, 1, 0, 0"]],
    ["8 in 2", ["371: 0, 2, 0, 0"]],
  ]);
  t.end();
});

await t.test("events are counted by period, campaign and banner", (t) => {
  const counts = new EventCounts(4);
  const at = (period: number, campaign: number, banner: number): number => counts.counterOf(period, campaign, banner);
  counts.addImpression(at(1, 7, 371));
  counts.addImpression(at(1, 7, 371));
  counts.addImpression(at(4, 7, 371));
  counts.addClick(at(1, 7, 371));
  counts.addConversion(at(1, 7, 371), 5n);
  counts.addConversion(at(1, 7, 371), -2n);
  counts.addImpression(at(1, 371, 7));
  counts.addClick(at(1, 7, 12));
  t.strictSame([...counts.cells()].map(written), [
    ["7 in 1", ["12: 0, 1, 0, 0", "371: 2, 1, 2, 3"]],
    ["7 in 4", ["371: 1, 0, 0, 0"]],
    ["371 in 1", ["7: 1, 0, 0, 0"]],
  ]);
  t.equal(counts.countEntries(), 4);
  t.strictSame([...counts.campaignIds], [7, 371]);
  t.strictSame([...counts.bannerIds], [7, 12, 371]);
  t.end();
});

await t.test("cells are in order of campaign, then period, however the events came", (t) => {
  const counts = new EventCounts(3);
  for (const campaign of [4294967295, 10, 9, 100])
    for (const period of [3, 1, 2]) counts.addImpression(counts.counterOf(period, campaign, period));
  t.strictSame(
    [...counts.cells()].map(({ campaign, period }) => [campaign, period]),
    [9, 10, 100, 4294967295].flatMap((campaign) => [1, 2, 3].map((period) => [campaign, period])),
  );
  t.end();
});

await t.test("a counter in which nothing was counted is in no cell", (t) => {
  const counts = new EventCounts(2);
  counts.counterOf(1, 5, 6);
  counts.addImpression(counts.counterOf(2, 7, 8));
  counts.counterOf(1, 7, 9);
  t.strictSame([...counts.cells()].map(written), [["7 in 2", ["8: 1, 0, 0, 0"]]]);
  t.strictSame([...counts.campaignIds], [7]);
  t.strictSame([...counts.bannerIds], [8]);
  t.equal(counts.countEntries(), 1);
  t.end();
});

await t.test("a banner that is placed is in every cell of its campaign, with what is counted there", (t) => {
  const counts = new EventCounts(2);
  counts.addImpression(counts.counterOf(1, 7, 371));
  counts.place(7, 371);
  counts.place(9, 372);
  t.strictSame([...counts.cells()].map(written), [
    ["7 in 1", ["371: 1, 0, 0, 0"]],
    ["7 in 2", ["371: 0, 0, 0, 0"]],
    ["9 in 1", ["372: 0, 0, 0, 0"]],
    ["9 in 2", ["372: 0, 0, 0, 0"]],
  ]);
  t.equal(counts.countEntries(), 4);
  t.strictSame(
    [[...counts.campaignIds], [...counts.bannerIds]],
    [
      [7, 9],
      [371, 372],
    ],
  );
  t.strictSame([...counts.cellSizes(Uint32Array.of(7, 9))], [1, 1, 1, 1]);
  t.equal(counts.isEmpty(counts.counterOf(1, 9, 372)), true, "nothing is counted of it");
  const cells: string[] = [];
  counts.leaveOut(new Set([371]), (banner, period, campaign) => cells.push(`${banner} ${period}/${campaign}`));
  t.strictSame(cells, ["371 1/7", "371 2/7"]);
  t.strictSame([...counts.campaignIds], [9]);
  t.end();
});

await t.test("clicks without an impression are those of a banner that the cell never showed", (t) => {
  const counts = new EventCounts(2);
  counts.addImpression(counts.counterOf(1, 7, 1));
  counts.addClick(counts.counterOf(1, 7, 1));
  counts.addClick(counts.counterOf(1, 7, 1));
  t.equal(counts.countClicksWithoutImpression(), 0);
  counts.addClick(counts.counterOf(2, 7, 1));
  counts.addClick(counts.counterOf(2, 7, 1));
  counts.addClick(counts.counterOf(1, 8, 1));
  t.equal(counts.countClicksWithoutImpression(), 3);
  t.end();
});

await t.test("counts are kept while there come more than there was room for", (t) => {
  const counts = new EventCounts(4);
  for (let banner = 1; banner <= 3000; banner++)
    for (let period = 1; period <= 4; period++) {
      const counter = counts.counterOf(period, banner % 7, banner);
      counts.addImpression(counter);
      counts.addClick(counter);
      counts.addConversion(counter, BigInt(banner * period));
    }
  const wrong = [...counts.cells()].flatMap(({ period, banners }) =>
    banners.filter(
      (each) =>
        each.impressions !== 1 ||
        each.clicks !== 1 ||
        each.conversions !== 1 ||
        each.revenue !== BigInt(each.banner * period),
    ),
  );
  t.strictSame(wrong, []);
  t.equal(counts.countEntries(), 12_000);
  t.end();
});

await t.test("a sum of revenue beyond 64 bits is refused, on either side", (t) => {
  for (const sign of [1n, -1n]) {
    const counts = new EventCounts(1);
    const counter = counts.counterOf(1, 7, 371);
    t.equal(counts.addConversion(counter, sign * 9223372036854775807n), true);
    t.equal(counts.addConversion(counter, sign * 2n), false);
    t.strictSame([...counts.cells()][0]?.banners[0], undefined, "a conversion alone makes no cell");
    counts.addClick(counter);
    const { conversions, revenue } = [...counts.cells()][0]!.banners[0]!;
    t.strictSame([conversions, revenue], [1, sign * 9223372036854775807n], "nothing of it is added");
    t.strictSame(counts.pairOf(counter), { campaign: 7, banner: 371 });
  }
  t.end();
});

await t.test("impressions that are more than 32 bits hold are refused, and none of them is added", (t) => {
  const counts = new EventCounts(1);
  const counter = counts.counterOf(1, 7, 371);
  t.equal(counts.addImpression(counter, 4294967295), true);
  t.equal(counts.addImpression(counter), false);
  t.equal([...counts.cells()][0]?.banners[0]?.impressions, 4294967295);
  t.end();
});

await t.test("statistics are set as they are, and known again", (t) => {
  const counts = new EventCounts(2);
  const statistics = { banner: 371, impressions: 9, clicks: 4, conversions: 3, revenue: -2_518_264n };
  const counter = counts.counterOf(2, 7, 371);
  counts.setStatistics(counter, statistics);
  t.strictSame([...counts.cells()], [{ period: 2, campaign: 7, banners: [statistics] }]);
  t.equal(counts.hasStatistics(counter, { ...statistics }), true);
  for (const name of ["impressions", "clicks", "conversions"] as const)
    t.equal(counts.hasStatistics(counter, { ...statistics, [name]: 10 }), false, name);
  t.equal(counts.hasStatistics(counter, { ...statistics, revenue: 0n }), false);
  t.end();
});
