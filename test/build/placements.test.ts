import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import t, { type Test } from "tap";
import { build, type BuildOptions } from "../../build/stages.js";
import { writeStatistics } from "../../build/write/statistics.js";
import { inspect } from "../../src/index/inspect.js";
import { loadIndex } from "../../src/index/load.js";
import { publishedCatalog } from "./built-index.js";
import { clicksCsv, conversionsCsv, impressionsCsv } from "./data-folder.js";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Campaign 7 has banner 5, clicked, and 6 in period 1, and nothing in period 2. */
const EVENTS: Files = {
  "1/impressions_1.csv": impressionsCsv("5,7", "6,7"),
  "1/clicks_1.csv": clicksCsv("1,5,7"),
  "1/conversions_1.csv": conversionsCsv(),
  "2/impressions_2.csv": impressionsCsv("5,8"),
  "2/clicks_2.csv": clicksCsv(),
  "2/conversions_2.csv": conversionsCsv(),
};

function write(t: Test, files: Files): BuildOptions {
  const folder = t.testdir();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "data", name)), { recursive: true });
    writeFileSync(join(folder, "data", name), content);
  }
  const banners = join(folder, "data/banners");
  return {
    data: join(folder, "data"),
    banners: existsSync(banners) ? banners : undefined,
    out: join(folder, "out"),
    onBadRow: "stop",
    at: Date.UTC(2026, 11, 1),
  };
}

/** As `period/campaign rule banner+banner ~pool`. */
function cellsIn(out: string): string[] {
  return inspect(publishedCatalog(out)).cells.map(({ period, campaign, rule, collection, pool }) => {
    const banners = collection.map(({ banner, impressions }) => `${banner}${impressions === 0 ? "(0)" : ""}`);
    return `${period}/${campaign} ${rule} ${banners.join("+")}${pool.length > 0 ? ` ~${pool.join("+")}` : ""}`;
  });
}

const WITHOUT = ["1/7 by-clicks 5+6", "2/8 by-clicks 5"];

await t.test("a banner that is placed is in the campaign's cell of every period, with nothing counted", async (t) => {
  const options = write(t, { ...EVENTS, "placements.csv": "campaign_id,banner_id\n7,90\n9,91\n" });
  const report = await build(options);
  t.strictSame(cellsIn(options.out), [
    "1/7 by-clicks 5+6+90(0)",
    "1/9 by-clicks 91(0)",
    "2/7 by-clicks 90(0)",
    "2/8 by-clicks 5",
    "2/9 by-clicks 91(0)",
  ]);
  const { file, kind, period, read, used } = report.files.at(-1)!;
  t.strictSame([file, kind, period, read, used], ["placements.csv", "placements", null, 2, 2]);
  t.strictSame([report.rows.read, report.rows.used, report.unread_files], [6, 6, []]);
  t.strictSame(report.banners_without_image, [5, 6, 90, 91], "which have a plain SVG");
  const catalog = publishedCatalog(options.out);
  t.match(Buffer.from(catalog.imageOf(catalog.bannerOf(90))).toString(), /<svg[^]*90/);
});

await t.test(
  "the index is the same as from statistics of nothing would be: a larger cell draws from the pool",
  async (t) => {
    const placed = [90, 91, 92, 93, 94];
    const options = write(t, {
      ...EVENTS,
      "placements.csv": `campaign_id,banner_id\n${placed.map((id) => `7,${id}\n`).join("")}`,
    });
    await build(options);
    t.strictSame(cellsIn(options.out)[0], `1/7 by-clicks 5 ~6+${placed.join("+")}`);
    t.strictSame(cellsIn(options.out)[1], `2/7 by-clicks ${placed.map((id) => `${id}(0)`).join("+")}`);
  },
);

await t.test("a banner that is placed where it has events changes nothing there", async (t) => {
  const placements = (rows: string): Files => ({ ...EVENTS, "placements.csv": `campaign_id,banner_id\n${rows}` });
  const plain = write(t, EVENTS);
  const { generation } = await build({ ...plain, out: `${plain.out}/plain` });
  const none = write(t, placements(""));
  t.equal((await build(none)).generation, generation, "as does a list of none");
  const ids = write(t, {
    ...placements("7,5\n7,6\n"),
    "2/impressions_2.csv": impressionsCsv("5,8", "5,7", "6,7"),
  });
  const { generation: both } = await build({ ...ids, out: `${ids.out}/both` });
  writeFileSync(join(ids.data as string, "placements.csv"), "banner_id,campaign_id\n");
  t.equal((await build({ ...ids, out: `${ids.out}/events` })).generation, both);
});

await t.test("the list may be written in any of the ways, and be named", async (t) => {
  const options = write(t, {
    ...EVENTS,
    "placements.tsv.gz": gzipSync(Buffer.from('Banner ID\tnote\tcampaignId\r\n"90"\tx\t 7 \r\n', "utf16le")),
    "other.csv": "sep=;\ncampaign_id;banner_id\n7;95\n",
  });
  const { files } = await build(options);
  const { file, used, unknown_columns } = files.at(-1)!;
  t.strictSame([file, used, unknown_columns], ["placements.tsv.gz", 1, ["note"]]);
  t.equal(cellsIn(options.out)[1], "2/7 by-clicks 90(0)");
  const named = await build({ ...options, placements: join(options.data as string, "other.csv") });
  t.equal(named.files.at(-1)!.file, "placements.csv");
  t.equal(cellsIn(options.out)[1], "2/7 by-clicks 95(0)");
});

await t.test("repeats are duplicates, and what is no id is malformed and stops the build", async (t) => {
  const options = write(t, {
    ...EVENTS,
    "placements.csv": "campaign_id,banner_id\n7,90\n7,90\n90,7\n07,90\n7,4294967296\n7\n",
  });
  t.match(await build(options).catch((error: unknown) => error), {
    rows: [
      /placements\.csv:5: campaign_id is "07", expected a whole number from 1/,
      /placements\.csv:6: banner_id is "4294967296", expected/,
      /placements\.csv:7: 1 field\(s\), expected 2/,
    ],
  });
  const report = await build({ ...options, onBadRow: "reject", accept: ["rejected"] });
  const account = report.files.at(-1)!;
  t.strictSame([account.read, account.used], [6, 2]);
  t.match(account.rejected, { malformed: 3, duplicate: 1 });
  const rejected = readFileSync(join(options.out, "rejects.csv"), "utf8").split("\n");
  const rejects = rejected.filter((row) => row.startsWith("placements"));
  t.equal(rejects[0], "placements.csv,3,duplicate,banner_id 90 is placed in campaign_id 7 before,placements.csv,2");
  t.match(rejects.slice(1), [/^placements\.csv,5,malformed/, /^placements\.csv,6,/, /^placements\.csv,7,/]);
  const refused: unknown = await build({ ...options, onBadRow: "reject" }).catch((error: unknown) => error);
  t.match(refused, { report: { findings: [{ name: "rejected", accepted: false }] } }, "so many are a bad day");
  writeFileSync(join(options.data as string, "placements.csv"), "campaign_id,name\n");
  await t.rejects(build(options), { message: /placements\.csv:1: column banner_id is missing/ });
});

await t.test("placed banners are described and held back as others are", async (t) => {
  const options = write(t, {
    ...EVENTS,
    "placements.csv": "campaign_id,banner_id\n7,90\n7,91\n7,92\n9,90\n",
    "campaigns.csv": "campaign_id,name,default_banner\n9,Nine,\n",
    "banners/banners.csv":
      "banner_id,alt,link,status,from,until\n90,,,off,,\n91,New,,,,2026-12-02\n92,,,,2026-12-02,\n",
  });
  const { held_back, rows } = await build(options);
  t.strictSame(cellsIn(options.out), ["1/7 by-clicks 5+6+91(0)", "2/7 by-clicks 91(0)", "2/8 by-clicks 5"]);
  const first_cells = [
    { period: 1, campaign: 7 },
    { period: 1, campaign: 9 },
    { period: 2, campaign: 7 },
    { period: 2, campaign: 9 },
  ];
  t.match(held_back, [
    { banner: 90, reason: "off", cells: 4, first_cells },
    { banner: 92, reason: "not yet", cells: 2 },
  ]);
  t.equal(rows.read, rows.used);
  const catalog = publishedCatalog(options.out);
  t.equal(catalog.altOf(catalog.bannerOf(91)), "New");
});

await t.test("events that are gone are noticed though placed banners keep the cells", async (t) => {
  const options = write(t, { ...EVENTS, "placements.csv": "campaign_id,banner_id\n7,90\n8,90\n" });
  await build(options);
  writeFileSync(join(options.data as string, "2/impressions_2.csv"), impressionsCsv());
  const refused: unknown = await build(options).catch((error: unknown) => error);
  t.match(refused, { report: { findings: [{ name: "empty-period" }, { name: "lost-cells" }] } });
});

await t.test("without any event, placed banners are enough for an index", async (t) => {
  const options = write(t, {
    "1/impressions_1.csv": impressionsCsv(),
    "1/clicks_1.csv": clicksCsv(),
    "1/conversions_1.csv": conversionsCsv(),
    "placements.csv": "campaign_id,banner_id\n7,90\n",
  });
  await build(options);
  t.strictSame(cellsIn(options.out), ["1/7 by-clicks 90(0)"]);
});

await t.test("statistics that are exported leave out what is only placed", async (t) => {
  const options = write(t, { ...EVENTS, "placements.csv": "campaign_id,banner_id\n7,90\n" });
  await build(options);
  const exported = join(options.out, "exported");
  t.equal(await writeStatistics(await loadIndex(join(options.out, "index.bin")), exported), 3);
  await build({ ...options, data: exported, out: join(options.out, "again") });
  t.strictSame(cellsIn(join(options.out, "again")), WITHOUT);
});
