import t from "tap";
import { chanceSentence } from "../../../src/index/explain.js";
import { showCampaign } from "../../../src/view/campaign.js";
import { CampaignTable } from "../../../src/view/campaign-table.js";
import { DEFAULT_QUERY, MAX_LIMIT, SORTS } from "../../../src/view/campaign-query.js";
import { catalogSource } from "../../../src/view/catalog-source.js";
import { comparingIndexes } from "../../../src/view/change/compare.js";
import { atOnce } from "../../../src/view/change/slices.js";
import { overviewOf } from "../../../src/view/overview.js";
import { Rest } from "../../../src/view/rest.js";
import { explained } from "../../../ui/campaign/banners.js";
import { fileSource } from "../../../ui/file/source.js";
import type { Source } from "../../../ui/source.js";
import { contentsOf, pageOfCatalog } from "../../build/report/page-report.js";
import { range, smallCatalog } from "../../src/small-index.js";
import { randomCampaigns } from "../../src/view/random-campaigns.js";

const pause = (): Promise<void> => Promise.resolve();

const { catalog } = randomCampaigns(5, 300, 4);
const change = atOnce(comparingIndexes(randomCampaigns(6, 300, 4).catalog, catalog));

const { data, campaigns, images } = contentsOf(await pageOfCatalog(catalog, {}, { change }));
const source: Source = fileSource(data, campaigns, images);

await t.test("a report has of each campaign what the index has, to the millionth", async (t) => {
  const imageOf = (banner: number): string => {
    const bytes = catalog.imageOf(banner);
    return `data:image/svg+xml;base64,${Buffer.from(bytes).toString("base64")}`;
  };
  t.ok(catalog.index.campaignIds.length > 200);
  let changed = 0;
  for (const id of catalog.index.campaignIds) {
    const { cells, ...expected } = showCampaign(catalog, id, imageOf)!;
    const { cells: found, ...rest } = (await source.campaign(id))!;
    t.strictSame(rest, expected);
    for (const [at, cell] of cells.entries()) {
      const own = change.cellChange(id, at + 1);
      if (own !== undefined) changed++;
      t.strictSame(found[at], cell && { ...cell, ...(own && { change: own }) });
    }
  }
  t.ok(changed > 50);
  t.equal(await source.campaign(0), undefined);
});

await t.test("a report of an index that explores says so of each cell that does", async (t) => {
  const cells = [
    { period: 1, campaign: 1, converting: range(1, 12) },
    { period: 2, campaign: 1, converting: [1] },
  ];
  const exploring = smallCatalog(cells, 2, new Map(), new Map(), { exploration: 0.1 });
  const contents = contentsOf(await pageOfCatalog(exploring, { exploration: 0.1 }));
  const found = (await fileSource(contents.data, contents.campaigns, contents.images).campaign(1))!;
  t.strictSame(found.cells, showCampaign(exploring, 1, () => undefined)!.cells);
  t.strictSame(
    found.cells.map((cell) => cell?.exploration),
    [0.1, undefined],
  );
  const sentences = found.cells.map((cell) => chanceSentence(explained(cell!), "no-repeat"));
  t.match(sentences[0], /, but never the one that this visitor saw last\. But 10 % of the requests explore: /);
  t.equal(sentences[1], "Each request shows this one banner.");
});

await t.test("a report finds and sorts as a server does", async (t) => {
  const isChanged = (campaign: number): boolean => change.isChanged(campaign);
  const table = new CampaignTable(catalogSource(catalog), { pause, isChanged });
  const queries = [
    ...SORTS.map((sort) => ({ sort, direction: "ascending" as const })),
    ...[{ search: "sale" }, { search: "71" }, { period: 2, rule: "top-x" as const }, { minX: 2, maxX: 3 }],
    ...[{ changed: true }, { offset: 50, limit: 20 }, { limit: MAX_LIMIT }],
  ];
  for (const query of queries) {
    const found = await source.campaigns({ ...DEFAULT_QUERY, ...query });
    t.ok(found.rows.length > 0);
    t.strictSame(found, await table.find({ ...DEFAULT_QUERY, ...query }), JSON.stringify(query));
  }
  t.ok((await source.campaigns({ ...DEFAULT_QUERY, changed: true })).found > 0);
});

await t.test("a report has the sums of all, and what changed", async (t) => {
  t.strictSame(await source.overview(), await overviewOf(catalog, new Rest(pause)));
  // What is undefined is not in JSON.
  t.strictSame(await source.change(), JSON.parse(JSON.stringify(change.json(catalog))));
});
