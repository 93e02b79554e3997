import { parse } from "csv-parse/sync";
import t from "tap";
import { DEFAULT_QUERY } from "../../src/view/campaign-query.js";
import type { Campaign, CampaignRow, Cell, FoundCampaigns } from "../../src/view/rows.js";
import { bannersCsv } from "../../ui/campaign/banners.js";
import { allFound, campaignsCsv } from "../../ui/campaigns/campaign-columns.js";
import { csvText } from "../../src/view/csv.js";
import type { Source } from "../../ui/source.js";

const read = (text: string): string[][] => parse(text);

await t.test("what is written is read again, and no name is a formula", (t) => {
  const names = ['He said "no", twice', "two\nlines", " blanks ", "", "ربيع", "-5.25", "1,5"];
  t.same(read(csvText([names])), [names]);
  const formulas = ['=HYPERLINK("x")', "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"];
  t.same(read(csvText([formulas])), [formulas.map((text) => `'${text}`)]);
  t.equal(csvText([[1, -2.5, undefined, "-0.000001"]]), "1,-2.5,,-0.000001\r\n");
  t.end();
});

const figures = { impressions: 300, clicks: 30, conversions: 3, revenue: "9007199254740993.000001" };
const rowOf = (campaign: number): CampaignRow => ({
  ...figures,
  campaign,
  name: `=${campaign}`,
  banners: 2,
  cells: [{ rule: "fill-by-clicks", x: 3, revenue: figures.revenue }, null],
  changed: false,
});

/** Gives pages of 2 rows at most, or as few as are asked for, each of the generation that `generationOf` says. */
function sourceOf(count: number, generationOf: (offset: number) => string): Pick<Source, "campaigns"> {
  return {
    campaigns: ({ offset, limit }) =>
      Promise.resolve<FoundCampaigns>({
        generation: generationOf(offset),
        campaigns: count,
        found: count,
        sum: { ...figures, revenue: "18014398509481986.000002" },
        rows: Array.from({ length: Math.min(2, limit, count - offset) }, (_, index) => rowOf(offset + index + 1)),
      }),
  };
}

await t.test("all campaigns that match are taken along, page by page, exactly", async (t) => {
  const found = await allFound(
    sourceOf(5, () => "a"),
    DEFAULT_QUERY,
  );
  const rows = read(csvText(campaignsCsv(found, 0, 2)));
  t.match(rows[0]!.join(), /^campaign,name,banners,impressions,.*,banners with a conversion 30–59$/);
  t.same(
    rows.slice(1).map(([campaign]) => campaign),
    ["1", "2", "3", "4", "5"],
  );
  t.same(rows[3]!.slice(0, 9), ["3", "'=3", "2", "300", "30", "3", "9007199254740993.000001", "0.1", "0.1"]);
  t.same(rows[3]!.slice(-4), ["0.5", "00–59", "3", ""]);
  t.equal(campaignsCsv(found, 2, 2)[1]!.at(-3), "30–59", "whose figures they are");
  await t.rejects(
    allFound(
      sourceOf(5, (offset) => (offset < 4 ? "a" : "b")),
      DEFAULT_QUERY,
    ),
    /Another index came meanwhile/,
  );
  const three = await allFound(
    sourceOf(5, () => "a"),
    DEFAULT_QUERY,
    3,
  );
  t.same([three.found, three.rows.length], [5, 3], "of 5 that are found, as many as are wanted");
});

await t.test("all banners of a campaign are taken along, with where they stand", (t) => {
  const banners = [7, 9].map((banner) => ({ ...figures, banner, by: null }));
  const cell: Cell = { period: 2, rule: "top-x", x: 1, fixed: 1, random_places: 0, banners };
  const campaign: Campaign = {
    generation: "a",
    campaign: 5,
    name: "",
    cells: [null, cell],
    banners: { 7: { name: "Seven", link: "https://a.example/x" }, 9: { name: "", link: "" } },
  };
  const rows = read(csvText(bannersCsv(campaign)));
  t.same(
    rows.map((row) => [...row.slice(0, 7), ...row.slice(-2)]),
    [
      ["campaign", "period", "minutes", "rule", "name", "place", "banner", "standing", "link"],
      ["5", "2", "30–59", "top-x", "Seven", "1", "7", "in", "https://a.example/x"],
      ["5", "2", "30–59", "top-x", "", "2", "9", "out", ""],
    ],
  );
  t.equal(rows[1]![rows[0]!.indexOf("revenue")], figures.revenue);
  t.end();
});
