import t from "tap";
import { chanceSentence, cutSentence, reasonOf, ruleSentence } from "../../../src/index/explain.js";
import type { Catalog } from "../../../src/index/catalog.js";
import { inspect } from "../../../src/index/inspect.js";
import { formatMillionths } from "../../../src/index/money.js";
import { showCell, type ShownCell } from "../../../src/index/shown-cell.js";
import { altered } from "./altered-revenue.js";
import { range, smallCatalog, type SmallCell } from "../small-index.js";

const cellOf = (cell: Omit<SmallCell, "period" | "campaign">): Catalog =>
  smallCatalog([{ period: 1, campaign: 1, ...cell }]);
const shown = (catalog: Catalog): ShownCell => showCell(catalog, 1, 1)!;

const CELLS = {
  top10: cellOf({ converting: range(1, 12), pool: [20] }),
  topX: cellOf({ converting: range(1, 6), clicked: [7] }),
  fill: cellOf({ converting: [1], clicked: range(2, 8) }),
  drawn: cellOf({ clicked: [1], pool: range(10, 30) }),
  nothingClicked: cellOf({ pool: range(10, 30) }),
  few: cellOf({ converting: [1], pool: [2] }),
  one: cellOf({ converting: [1] }),
};

await t.test("a cell is what inspect-index says of it", (t) => {
  for (const [name, catalog] of Object.entries(CELLS)) {
    const [inspected] = inspect(catalog).cells;
    const { rule, x, fixed, drawn, pool } = shown(catalog);
    t.same(
      { rule, x, random_places: drawn },
      { rule: inspected!.rule, x: inspected!.x, random_places: inspected!.random_places },
      name,
    );
    t.same(
      fixed.map(({ banner, revenue, conversions, clicks, impressions }) => ({
        banner,
        revenue: formatMillionths(revenue),
        conversions,
        clicks,
        impressions,
        by: reasonOf(rule, conversions, clicks),
      })),
      inspected!.collection,
      name,
    );
    t.equal(pool, inspected!.pool.length, name);
  }
  t.equal(showCell(CELLS.one, 2, 1), undefined);
  t.equal(showCell(CELLS.one, 1, 2), undefined);
  t.end();
});

await t.test("the first below the cut, and the sums of all banners", (t) => {
  const cell = shown(CELLS.top10);
  t.match(cell, { banners: 13, revenue: 78_000_000n, conversions: 12, clicks: 12, impressions: 13 });
  t.match(cell.below, { banner: 11, revenue: 2_000_000n });
  t.equal(shown(CELLS.drawn).below, undefined, "where places are drawn, all that are left are the pool");
  t.equal(shown(CELLS.few).below, undefined);
  t.end();
});

await t.test("the rule with the cell's own numbers", (t) => {
  const sentences: Record<keyof typeof CELLS, string> = {
    top10: "12 banners with a conversion. That is 10 or more, so the 10 with the most revenue are in.",
    topX: "6 banners with a conversion. That is from 5 to 9, so all of them are in.",
    fill: "Only 1 banner with a conversion. That is from 1 to 4, so the most clicked others are added, to make 5.",
    drawn:
      "No banner with a conversion, so the 5 places go to the most clicked. Only 1 has clicks, so 4 places are drawn at random, anew at each request, from the 21 banners that were never clicked.",
    nothingClicked:
      "No banner with a conversion, so the 5 places go to the most clicked. No banner has a click, so 5 places are drawn at random, anew at each request, from the 21 banners that were never clicked.",
    few: "Only 1 banner with a conversion. That is from 1 to 4, so the most clicked others are added, to make 5. There are only 2 banners in all, so every one is in: 1 was never clicked.",
    one: "Only 1 banner with a conversion. That is from 1 to 4, so the most clicked others are added, to make 5.",
  };
  for (const [name, sentence] of Object.entries(sentences))
    t.equal(ruleSentence(shown(CELLS[name as keyof typeof CELLS])), sentence, name);
  t.end();
});

await t.test("a default banner is explained, and has no cut", (t) => {
  const campaigns = new Map([[1, { name: "", defaultBanner: 9 }]]);
  const cell = shown(smallCatalog([], 1, new Map(), new Map(), { campaigns }));
  t.match(cell, { rule: "default", x: 0, banners: 1, drawn: 0, below: undefined, revenue: 0n, impressions: 0 });
  t.match(cell.fixed, [{ banner: 9, clicks: 0 }]);
  t.equal(ruleSentence(cell), "The campaign has nothing else to show in this period, so it shows its default banner.");
  t.equal(cutSentence(cell), "No cut: the default banner is alone in this period.");
  t.equal(reasonOf("default", 0, 0), "default");
  t.end();
});

await t.test("why the first below the cut is not in", (t) => {
  const cut = (catalog: Catalog): string => cutSentence(shown(catalog)).replace("The cut: ", "");
  t.equal(
    cut(CELLS.top10),
    "10 places above this line. The first of 3 below it is not in, with 1.000000 less revenue than the last that is in.",
  );
  t.equal(cut(CELLS.topX), "6 places above this line. The one below it is not in, with no conversion in this period.");
  t.equal(
    cut(CELLS.fill),
    "5 places above this line. The first of 3 below it is not in, with 1 click fewer than the last that is in.",
  );
  t.equal(cut(CELLS.drawn), "5 places above this line. Below it is nothing but the pool.");
  t.equal(cut(CELLS.one), "1 place above this line. Nothing below it: every banner is in.");
  t.match(
    cutSentence(shown(CELLS.top10), (millionths) => `€${millionths}`),
    "with €1000000 less revenue",
  );
  const even = cellOf({ converting: range(1, 11) });
  t.match(
    cut(altered(even, Array<bigint>(11).fill(5n))),
    /the same revenue and clicks as the last that is in, and a higher id\.$/,
  );
  t.end();
});

await t.test("where an index explores, the chances are those of the rule and of all banners together", (t) => {
  const sentenceOf = (cell: Omit<SmallCell, "period" | "campaign">, exploration: number): string => {
    const cells = [{ period: 1, campaign: 1, ...cell }];
    return chanceSentence(shown(smallCatalog(cells, 4, new Map(), new Map(), { exploration })), "independent");
  };
  const ten = "Each request shows one of 10, each as likely as the other.";
  t.equal(sentenceOf({ converting: range(1, 20) }, 0), ten);
  t.equal(
    sentenceOf({ converting: range(1, 20) }, 0.1),
    `${ten} But 10 % of the requests explore: they draw from all 20 banners. ` +
      "That is a chance of 9.5 % for one that is always in the collection, and of 0.5 % for one behind the cut.",
  );
  t.equal(
    sentenceOf({ converting: [1, 2], pool: range(11, 18) }, 0.2),
    "Each request shows one of 5, each as likely as the other. But 20 % of the requests explore: " +
      "they draw from all 10 banners. That is a chance of 18 % for one that is always in the collection, " +
      "and of 8 % for one of the pool.",
  );
  t.equal(sentenceOf({ converting: [1] }, 0.2), "Each request shows this one banner.");
  t.end();
});

await t.test("how often each is shown depends on the rotation", (t) => {
  const cell = shown(CELLS.topX);
  t.equal(
    chanceSentence(cell, "no-repeat"),
    "Each request shows one of 6, each as likely as the other, but never the one that this visitor saw last.",
  );
  t.equal(chanceSentence(cell, "independent"), "Each request shows one of 6, each as likely as the other.");
  t.equal(
    chanceSentence(cell, "sequence"),
    "A visitor sees each of the 6 once, in random order, before any comes again.",
  );
  t.equal(chanceSentence(shown(CELLS.one), "no-repeat"), "Each request shows this one banner.");
  t.end();
});
