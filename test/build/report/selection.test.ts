import t from "tap";
import { imageOf, type BannerImage } from "../../../build/images/folder.js";
import { compile } from "../../../build/compile.js";
import { EventCounts } from "../../../build/count/counters.js";
import type { PackedCampaign } from "../../../build/report/packed.js";
import { selectCampaigns, type Selection } from "../../../build/report/selection.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode } from "../../../src/index/format.js";
import { bytesOf, range, smallCatalog } from "../../src/small-index.js";
import { NO_CHANGE } from "./page-report.js";

/** Of one banner in one period. */
interface Row {
  readonly campaign: number;
  readonly banner: number;
  /** Millionths. */
  readonly revenue: bigint;
}

function catalogOf(rows: readonly Row[], images = new Map<number, BannerImage>()): Catalog {
  const counts = new EventCounts(1);
  for (const { campaign, banner, revenue } of rows) {
    const counter = counts.counterOf(1, campaign, banner);
    counts.addImpression(counter);
    counts.addClick(counter);
    counts.addConversion(counter, revenue);
  }
  return new Catalog(decode(bytesOf(compile(counts, images))));
}

function idsOf({ campaigns }: Selection): number[] {
  return (JSON.parse(campaigns) as PackedCampaign[]).map(([campaign]) => campaign);
}

await t.test("the campaigns with the most revenue are in, a millionth decides, and equal ones go by id", (t) => {
  const rows = range(1, 30).map((campaign) => ({ campaign, banner: 1, revenue: 9_007_199_254_740_992n }));
  rows[28] = { campaign: 29, banner: 1, revenue: 9_007_199_254_740_993n };
  const selection = selectCampaigns(catalogOf(rows), NO_CHANGE, { characters: 1e6, campaigns: 10 });
  t.same(idsOf(selection), [...range(1, 9), 29]);
  t.equal(selection.leftOut.campaigns, 20);
  t.end();
});

await t.test(
  "a page has no more characters than it has room for, and a campaign that is too large hides no other",
  (t) => {
    // The one is left out for its banners alone, the other for its characters.
    const large = [
      ...range(1, 700).map((banner) => ({ campaign: 7, banner, revenue: 5_000_000n })),
      ...range(1, 500).map((banner) => ({ campaign: 8, banner, revenue: 5_000_000n })),
    ];
    const small = range(1, 200).map((banner) => ({ campaign: 1000 + banner, banner, revenue: BigInt(banner) }));
    const selection = selectCampaigns(catalogOf([...large, ...small]), NO_CHANGE, {
      characters: 6000,
      campaigns: 1000,
    });
    const ids = idsOf(selection);
    t.ok(ids.length > 50 && ids.length < 200, `${ids.length} campaigns`);
    t.notOk(ids.includes(7) || ids.includes(8));
    t.same(ids, range(1201 - ids.length, 1200));
    t.equal(selection.leftOut.campaigns, 202 - ids.length);
    t.ok(selection.campaigns.length + JSON.stringify(selection.banners).length < 6500);
    t.same(
      selection.banners.map(([banner]) => banner),
      ids.map((campaign) => campaign - 1000),
      "with their banners alone",
    );
    t.end();
  },
);

await t.test("every banner of a cell is in, those behind the cut too", (t) => {
  const cell = { period: 2, campaign: 1, converting: range(101, 112), clicked: range(220, 230), pool: range(330, 339) };
  const { campaigns } = selectCampaigns(smallCatalog([cell], 2), NO_CHANGE);
  const [[, , none, packed]] = JSON.parse(campaigns) as [PackedCampaign];
  t.equal(none, 0, "no cell in period 1");
  t.same(
    (packed as [number, number, number, number[]])[3].filter((_, at) => at % 5 === 0),
    [...range(101, 112), ...range(220, 230), ...range(330, 339)],
  );
  t.end();
});

await t.test("images of banners that are shown are in, each once, by their true type, and no others", (t) => {
  const image = (text: string, type: "png" | "svg"): BannerImage => imageOf(Buffer.from(text), type, "png");
  const images = new Map([
    [1, image("a", "png")],
    [2, image("b", "svg")],
    [3, image("a", "png")],
    [99, image("c", "png")],
  ]);
  const cells = [{ period: 1, campaign: 1, converting: [1, 2, 3] }];
  const selection = selectCampaigns(smallCatalog(cells, 1, images), NO_CHANGE);
  t.same(selection.images, ["data:image/png;base64,YQ==", "data:image/svg+xml;base64,Yg=="]);
  t.same(
    selection.banners.map(([banner, , , image]) => [banner, image]),
    [
      [1, 0],
      [2, 1],
      [3, 0],
    ],
  );
  t.end();
});

await t.test("images are left out that are larger than 64 KiB, or beyond 24 MiB: those of the least revenue", (t) => {
  const ofSize = (bytes: number, banner: number): BannerImage =>
    imageOf(Buffer.alloc(bytes, `${banner} `), "png", "png");
  const images = new Map(range(1, 390).map((banner) => [banner, ofSize(64 * 1024, banner)]));
  images.set(5, ofSize(64 * 1024 + 1, 5));
  // The higher the id, the more revenue, except for the first eight, which have the same.
  const rows = range(1, 390).map((banner) => ({ campaign: banner, banner, revenue: BigInt(Math.max(banner, 8)) }));
  const { images: embedded, banners, leftOut } = selectCampaigns(catalogOf(rows, images), NO_CHANGE);
  t.equal(embedded.length, 384);
  t.equal(leftOut.images, 6);
  t.same(
    banners.filter(([, , , image]) => image === -1).map(([banner]) => banner),
    [3, 4, 5, 6, 7, 8],
  );
  t.end();
});
