/** What the committed sample holds, judged from its files alone; only the last test looks at the design. */
import t from "tap";
import { CAMPAIGNS, type Rule } from "../../../tools/make-sample/campaigns.js";
import {
  bannersOf,
  conversionsOf,
  sum,
  revenueOf,
  clicksOf,
  converting,
  clickedOnly,
  pool,
  x,
  missing,
  winners,
  differ,
  cutBetween,
  cutById,
  cutByClicksAgainstId,
} from "./judge-cell.js";
import { readRows, readSample, type EventKind, type Cell } from "./read-sample.js";

const { cells, images } = readSample("data");

const poolAndMissing: Record<string, (cell: Cell) => boolean> = {
  "a pool larger than the missing places": (cell) => missing(cell) > 0 && pool(cell).length > missing(cell),
  "a pool as large as the missing places": (cell) => missing(cell) > 0 && pool(cell).length === missing(cell),
  "a pool smaller than the missing places": (cell) => missing(cell) > 0 && pool(cell).length < missing(cell),
};

const situations: Record<string, (cell: Cell) => boolean> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 7, 8, 9, 10, 11].map((n) => [`X = ${n}`, (cell: Cell) => x(cell) === n] as const),
  ),
  "X of 25 or more": (cell) => x(cell) >= 25,
  "X = 0 and five clicked banners": (cell) => x(cell) === 0 && clickedOnly(cell).length === 5,
  "X = 0 and more than five clicked banners": (cell) => x(cell) === 0 && clickedOnly(cell).length > 5,
  "X = 0 and no clicked banner but a pool": (cell) => x(cell) === 0 && missing(cell) === 5 && pool(cell).length > 0,
  ...Object.fromEntries(
    Object.entries(poolAndMissing).flatMap(([name, holds]) => [
      ...[0, 3].map(
        (clicked) =>
          [
            `X = 0, ${clicked} clicked banners and ${name}`,
            (cell: Cell) => x(cell) === 0 && clickedOnly(cell).length === clicked && holds(cell),
          ] as const,
      ),
      ...[1, 2, 3, 4].map((n) => [`X = ${n} and ${name}`, (cell: Cell) => x(cell) === n && holds(cell)] as const),
    ]),
  ),
  ...Object.fromEntries(
    [1, 2, 3, 4].map(
      (n) =>
        [
          `X = ${n} and more clicked others than places for them`,
          (cell: Cell) => x(cell) === n && clickedOnly(cell).length > 5 - n,
        ] as const,
    ),
  ),
  "a top 10 whose cut is decided by clicks, against the order of ids": (cell) =>
    x(cell) > 10 && cutBetween(cell, cutByClicksAgainstId),
  "a top 10 whose cut is decided by banner id": (cell) => x(cell) > 10 && cutBetween(cell, cutById),
  "X of 1 to 4 and a cut among the clicked others decided by banner id": (cell) =>
    x(cell) > 0 && x(cell) < 5 && cutBetween(cell, cutById),
  "X = 0 and a cut decided by clicks, against the order of ids": (cell) =>
    x(cell) === 0 && cutBetween(cell, cutByClicksAgainstId),
  "X = 0 and a cut decided by banner id": (cell) => x(cell) === 0 && cutBetween(cell, cutById),
  "a refund that changes who is in the top 10": (cell) =>
    x(cell) >= 10 &&
    differ(
      winners(cell),
      winners(cell, (banner) => sum(conversionsOf(banner).map(({ micros }) => Math.max(0, Number(micros))))),
    ),
  "a top 10 with a banner whose refunds exceed its revenue": (cell) =>
    winners(cell).some((id) => x(cell) >= 10 && revenueOf(cell.banners.get(id)!) < 0),
  "several conversions of one click, which would change the cut if they counted as clicks": (cell) =>
    differ(
      winners(cell),
      winners(cell, revenueOf, (banner) => sum(banner.clicks.map((click) => Math.max(1, click.conversions.length)))),
    ),
  "a single banner": (cell) => cell.banners.size === 1,
  "fewer than five banners, but several": (cell) => cell.banners.size > 1 && cell.banners.size < 5,
  "a campaign that lives in one period alone": (cell) =>
    cells.every(({ campaign, period }) => campaign !== cell.campaign || period === cell.period),
  "a campaign that pauses in one period": (cell) =>
    cells.filter(({ campaign }) => campaign === cell.campaign).length === 3,
  "clicks without an impression": (cell) =>
    bannersOf(cell).some((banner) => banner.impressions === 0 && banner.clicks.length > 0),
  "a conversion that comes with a later period's file": (cell) =>
    bannersOf(cell).some((banner) => conversionsOf(banner).some(({ arrived }) => arrived > cell.period)),
  "a conversion that comes with an earlier period's file": (cell) =>
    bannersOf(cell).some((banner) => conversionsOf(banner).some(({ arrived }) => arrived < cell.period)),
  "banner 165, which has no image, in the collection": (cell) =>
    x(cell) >= 5 && x(cell) < 10 && converting(cell).some(({ id }) => id === 165),
};

for (const [situation, holds] of Object.entries(situations)) {
  await t.test(`the sample has ${situation}`, (t) => {
    t.ok(cells.some(holds));
    t.end();
  });
}

const campaigns = [...new Set(cells.map(({ campaign }) => campaign))].sort((a, b) => a - b);
const cellsOf = (campaign: number): Cell[] => cells.filter((cell) => cell.campaign === campaign);

await t.test("each row is well formed, no id comes twice, and each conversion has its click", (t) => {
  const rowsOf = (kind: EventKind): string[][] => [1, 2, 3, 4].flatMap((period) => readRows("data", period, kind));
  const [impressions, clicks, conversions] = [rowsOf("impressions"), rowsOf("clicks"), rowsOf("conversions")];
  t.same(
    impressions.filter((row) => !/^[1-9]\d*,[1-9]\d*$/.test(row.join())),
    [],
  );
  t.same(
    clicks.filter((row) => !/^[1-9]\d*,[1-9]\d*,[1-9]\d*$/.test(row.join())),
    [],
  );
  t.same(
    conversions.filter((row) => !/^[1-9]\d*,[1-9]\d*,-?\d+(\.\d{1,6})?$/.test(row.join())),
    [],
  );
  const clickIds = new Set(clicks.map(([id]) => id));
  t.equal(clickIds.size, clicks.length);
  t.equal(new Set(conversions.map(([id]) => id)).size, conversions.length);
  t.same(
    conversions.filter(([, click]) => !clickIds.has(click)),
    [],
  );
  t.end();
});

await t.test("events come in no order of campaign or banner", (t) => {
  for (const period of [1, 2, 3, 4])
    for (const kind of ["impressions", "clicks"] as const) {
      const pairs = readRows("data", period, kind).map((row) => row.slice(-2).join());
      const runs = pairs.filter((pair, i) => pair !== pairs[i - 1]).length;
      t.ok(runs > pairs.length * 0.95, `${runs} runs of equal rows in ${pairs.length} ${kind} of period ${period}`);
    }
  t.end();
});

await t.test("there are 24 campaigns or more, numbered from 1", (t) => {
  t.ok(campaigns.length >= 24);
  t.same(
    campaigns,
    campaigns.map((_, i) => i + 1),
  );
  t.end();
});

await t.test("campaigns 1 and 10 have a top 10 of twelve or more in each period, each time another", (t) => {
  for (const campaign of [1, 10]) {
    t.same(
      cellsOf(campaign).map(({ period }) => period),
      [1, 2, 3, 4],
    );
    t.ok(cellsOf(campaign).every((cell) => x(cell) >= 12));
    t.equal(new Set(cellsOf(campaign).map((cell) => winners(cell).join())).size, 4);
  }
  t.end();
});

await t.test("most campaigns have X of 11 to 34 in each of their periods, and two to ten clicks in 100 views", (t) => {
  const isLively = (cell: Cell): boolean => x(cell) >= 11 && x(cell) <= 34;
  const lively = campaigns.filter((id) => cellsOf(id).length > 1 && cellsOf(id).every(isLively));
  t.ok(lively.length > campaigns.length / 2, `${lively.length} of ${campaigns.length}`);
  for (const cell of lively.flatMap(cellsOf)) {
    const rate = sum(bannersOf(cell).map(clicksOf)) / sum(bannersOf(cell).map(({ impressions }) => impressions));
    t.ok(rate >= 0.02 && rate <= 0.1, `${rate} in campaign ${cell.campaign}, period ${cell.period}`);
  }
  t.end();
});

await t.test("each banner but 165 has one image, and each image its banner", (t) => {
  const banners = new Set(cells.flatMap((cell) => [...cell.banners.keys()]));
  const pictured = images
    .filter((name) => name !== "banners.csv")
    .map((name) => Number(/^image_(\d+)\.(svg|png|jpg)$/.exec(name)?.[1]));
  t.same(
    pictured.sort((a, b) => a - b),
    [...banners].filter((banner) => banner !== 165).sort((a, b) => a - b),
  );
  t.end();
});

await t.test("the design names each campaign once, and the rules that its cells come under", (t) => {
  const ruleOf = (cell: Cell): Rule =>
    x(cell) >= 10 ? "top-10" : x(cell) >= 5 ? "top-x" : x(cell) > 0 ? "fill-by-clicks" : "by-clicks";
  t.same(
    CAMPAIGNS.map(({ id, rules }) => ({ id, rules })),
    campaigns.map((id) => ({ id, rules: [...new Set(cellsOf(id).map(ruleOf))] })),
  );
  t.end();
});
