import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { showCampaign } from "../../../src/view/campaign.js";
import type { Cell } from "../../../src/view/rows.js";
import { range, smallCatalog } from "../small-index.js";
import { randomCampaigns } from "./random-campaigns.js";

const addressOf = (banner: number): string => `image-${banner}`;

await t.test("cells are what an inspection says, with all banners in the order of the cut", (t) => {
  const { catalog, rows, names } = randomCampaigns(3, 100, 3);
  const { cells } = inspect(catalog);
  for (const id of catalog.index.campaignIds) {
    const shown = showCampaign(catalog, id, () => undefined)!;
    t.match(shown, { generation: catalog.index.generation, campaign: id, name: names.get(id) ?? "" });
    t.equal(shown.cells.length, 3);
    for (const [at, cell] of shown.cells.entries()) {
      const own = rows.filter(({ campaign, period }) => campaign === id && period === at + 1);
      const inspected = cells.find(({ campaign, period }) => campaign === id && period === at + 1);
      if (cell === null || inspected === undefined) {
        t.same([cell, inspected, own], [null, undefined, []]);
        continue;
      }
      const { rule, x, collection, random_places, pool } = inspected;
      t.match(cell, { period: at + 1, rule, x, fixed: collection.length, random_places });
      t.same(cell.banners.slice(0, cell.fixed), collection);
      const behind = cell.banners.slice(cell.fixed);
      t.ok(behind.every(({ by }) => by === (random_places > 0 ? "pool" : null)));
      if (random_places > 0)
        t.same(
          behind.map(({ banner }) => banner),
          pool,
        );
      const order = own.toSorted(
        (a, b) =>
          Number(b.conversions > 0) - Number(a.conversions > 0) ||
          Number(b.revenue > a.revenue) - Number(b.revenue < a.revenue) ||
          b.clicks - a.clicks ||
          a.banner - b.banner,
      );
      t.same(
        cell.banners.map(({ banner }) => banner),
        order.map(({ banner }) => banner),
      );
    }
    const banners = shown.cells.flatMap((cell) => cell?.banners.map(({ banner }) => banner) ?? []);
    t.same(Object.keys(shown.banners), [...new Set(banners)].sort((a, b) => a - b).map(String));
  }
  t.end();
});

await t.test("banners have their texts, and an image where there is an address for it", (t) => {
  const texts = new Map([[7, { alt: "Seven", link: "https://shop.example/" }]]);
  const catalog = smallCatalog([{ period: 2, campaign: 5, converting: [7, 8] }], 4, new Map(), texts);
  const size = { width: catalog.index.imageWidth[0], height: catalog.index.imageHeight[0] };
  t.ok(size.width! > 0);
  t.same(showCampaign(catalog, 5, addressOf)!.banners, {
    7: { name: "Seven", link: "https://shop.example/", image: "image-0", ...size },
    8: { name: "", link: "", image: "image-1", ...size },
  });
  catalog.index.imageWidth[1] = 0;
  t.same(showCampaign(catalog, 5, () => undefined)!.banners["8"], { name: "", link: "" });
  t.end();
});

await t.test("a cell has what differs from the index before, where it does", (t) => {
  const catalog = smallCatalog(
    [1, 2].map((period) => ({ period, campaign: 5, converting: [1] })),
    3,
  );
  const change = { in: [1], out: [], rule_before: null, revenue_before: "0.000000" };
  const { cells } = showCampaign(catalog, 5, addressOf, (period) => (period === 2 ? change : undefined))!;
  t.same(
    cells.map((cell) => cell && "change" in cell && cell.change),
    [false, change, null],
  );
  t.end();
});

await t.test("a campaign that the index does not have, and periods without a cell", (t) => {
  const catalog = smallCatalog([{ period: 2, campaign: 5, clicked: [1], pool: range(10, 30) }]);
  for (const id of [0, 4, 6, 4294967295]) t.equal(showCampaign(catalog, id, addressOf), undefined);
  const { cells } = showCampaign(catalog, 5, addressOf)!;
  t.same(
    cells.map((cell: Cell | null) => cell?.banners.map(({ by }) => by)),
    [undefined, ["clicks", ...range(10, 30).map(() => "pool")], undefined, undefined],
  );
  t.end();
});
