import t from "tap";
import { EventCounts } from "../../build/count/counters.js";
import { holdBack } from "../../build/held-back.js";
import { range } from "../src/small-index.js";

const LARGEST = 4294967295;

/** Banner 1 in many cells, 2 and LARGEST in one, and what each has there. */
function counted(): EventCounts {
  const counts = new EventCounts(2);
  for (const campaign of [...range(1, 7).reverse(), LARGEST])
    for (const period of [2, 1]) {
      const counter = counts.counterOf(period, campaign, 1);
      counts.addImpression(counter);
      counts.addClick(counter);
      counts.addConversion(counter, 5n);
    }
  for (const banner of [2, LARGEST]) counts.addImpression(counts.counterOf(2, 3, banner));
  return counts;
}

await t.test("banners that are held back are in no cell any more, and the cells that lose them are told", (t) => {
  const counts = counted();
  const schedules = new Map([
    [LARGEST, { until: 1000 }],
    [1, { isOff: true } as const],
    [2, { from: 1000 }],
    [9, { from: 1001 }],
  ]);
  t.strictSame(holdBack(counts, schedules, 1000), [
    {
      banner: 1,
      reason: "off",
      cells: 16,
      firstCells: range(1, 5).map((campaign) => ({ period: 1, campaign })),
    },
    { banner: 9, reason: "not yet", cells: 0, firstCells: [] },
    { banner: LARGEST, reason: "over", cells: 1, firstCells: [{ period: 2, campaign: 3 }] },
  ]);
  t.strictSame(
    [...counts.cells()],
    [
      {
        period: 2,
        campaign: 3,
        banners: [{ banner: 2, impressions: 1, clicks: 0, conversions: 0, revenue: 0n }],
      },
    ],
  );
  t.strictSame([[...counts.campaignIds], [...counts.bannerIds], counts.countEntries()], [[3], [2], 1]);
  t.end();
});

await t.test("where nothing is held back, all is as it was", (t) => {
  const counts = counted();
  t.strictSame(
    holdBack(
      counts,
      new Map([
        [1, { from: 5, until: 1001 }],
        [2, {}],
      ]),
      1000,
    ),
    [],
  );
  t.strictSame([...counts.cells()], [...counted().cells()]);
  t.end();
});
