import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { formatMillionths } from "../../../src/index/money.js";
import { RULES } from "../../../src/index/sections.js";
import { overviewOf } from "../../../src/view/overview.js";
import { Rest } from "../../../src/view/rest.js";
import { smallCatalog } from "../small-index.js";
import { randomCampaigns } from "./random-campaigns.js";

const rest = (): Rest => new Rest(() => Promise.resolve());

await t.test("sums by period and cells by rule, of all campaigns", async (t) => {
  const { catalog, rows } = randomCampaigns(11, 900, 3);
  const { cells } = inspect(catalog);
  t.same(await overviewOf(catalog, rest()), {
    generation: catalog.index.generation,
    periods: 3,
    campaigns: new Set(rows.map(({ campaign }) => campaign)).size,
    banners: new Set(rows.map(({ banner }) => banner)).size,
    totals: [1, 2, 3].map((period) => {
      const own = rows.filter((row) => row.period === period);
      return {
        campaigns: new Set(own.map(({ campaign }) => campaign)).size,
        impressions: own.reduce((sum, { impressions }) => sum + impressions, 0),
        clicks: own.reduce((sum, { clicks }) => sum + clicks, 0),
        conversions: own.reduce((sum, { conversions }) => sum + conversions, 0),
        revenue: formatMillionths(own.reduce((sum, { revenue }) => sum + revenue, 0n)),
      };
    }),
    cells_by_rule: Object.fromEntries(RULES.map((rule) => [rule, cells.filter((cell) => cell.rule === rule).length])),
  });
});

await t.test("a period without cells, and an index without any", async (t) => {
  const none = { campaigns: 0, impressions: 0, clicks: 0, conversions: 0, revenue: "0.000000" };
  const one = { campaigns: 1, impressions: 1, clicks: 1, conversions: 1, revenue: "1.000000" };
  const catalog = smallCatalog([{ period: 2, campaign: 5, converting: [1] }], 3);
  t.same((await overviewOf(catalog, rest())).totals, [none, one, none]);
  t.match(await overviewOf(smallCatalog([], 1), rest()), { campaigns: 0, banners: 0, totals: [none] });
});
