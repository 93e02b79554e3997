import { createHash } from "node:crypto";
import t from "tap";
import { imageOf, type BannerImage } from "../../../build/images/folder.js";
import { compile } from "../../../build/compile.js";
import { EventCounts } from "../../../build/count/counters.js";
import { bytesOf, inEveryPeriod, range, smallIndex } from "../../src/small-index.js";
import { dataOf, NO_REJECTS, pageOf, thumbnailsOf } from "./page-report.js";

const SMALL = smallIndex([{ period: 1, campaign: 7, converting: [1, 2] }]);

/** One banner's figures in one cell. */
interface Row {
  readonly campaign: number;
  readonly banner: number;
  readonly period?: number;
  /** Millionths. */
  readonly revenue: bigint;
}

function indexOf(rows: readonly Row[], periods = 1, images = new Map<number, BannerImage>()): Uint8Array {
  const counts = new EventCounts(periods);
  for (const { campaign, banner, period = 1, revenue } of rows) {
    const counter = counts.counterOf(period, campaign, banner);
    counts.addImpression(counter);
    counts.addClick(counter);
    counts.addConversion(counter, revenue);
  }
  return bytesOf(compile(counts, images));
}

await t.test("no name can end the data's element, or be taken for a part of the page", (t) => {
  const hostile = "</script><img src=x onerror=alert(1)><!-- script goes here -->$&$'";
  const file = { file: hostile, kind: "clicks", period: 1, bytes: 1, sha256: "ab", read: 7, used: 7 } as const;
  const page = pageOf(SMALL, {
    files: [{ ...file, rejected: NO_REJECTS, duplicate_of: hostile, unknown_columns: [hostile, "plain"] }],
    unread_files: [hostile],
    unreadable_images: [hostile],
    missing_kinds: [hostile],
    images: [{ file: hostile, bytes: 1, sha256: "ab" }],
  });
  t.notOk(page.includes("<img src=x"));
  const ordinary = pageOf(SMALL);
  const tags = (text: string): number => text.match(/<\/?[a-z!]/gi)!.length;
  t.equal(tags(page), tags(ordinary), "no tag more than without them");
  const data = dataOf(page);
  t.equal(data.files[0]!.file, hostile, "and the names are as they were");
  t.same(data.unread_files, { count: 1, first: [hostile] });
  t.match(data.unknown_columns.first[0], hostile.slice(0, 100));
  t.end();
});

await t.test("names that are long, or many, are cut short, and counted", (t) => {
  const page = pageOf(SMALL, {
    unread_files: ["x".repeat(1e6), ...range(1, 5000).map(String)],
    images: range(1, 5000).map((id) => ({ file: `image_${id}.png`, bytes: 1, sha256: "ab" })),
    banners_without_image: range(1, 5000),
    mixed_sizes: { count: 12, first: [{ campaign: 7, sizes: ["3 x 2", "300 x 37"] }] },
  });
  t.same(dataOf(page).mixed_sizes, { count: 12, first: ["7 (3 x 2, 300 x 37)"] });
  const { unread_files, images, banners_without_image } = dataOf(page);
  t.equal(unread_files.count, 5001);
  t.equal(unread_files.first.length, 100);
  t.equal(unread_files.first[0]!.length, 201);
  t.same([images.count, images.first.length], [5000, 500]);
  t.same([banners_without_image.count, banners_without_image.first.length], [5000, 100]);
  t.end();
});

await t.test("the policy allows just the page's own scripts and style, and no address", (t) => {
  const page = pageOf(SMALL);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const digests = (pattern: RegExp): string =>
    [...page.matchAll(pattern)]
      .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
      .join(" ");
  const scripts = digests(/<script>([^]*?)<\/script>/g);
  const styles = digests(/<style>([^]*?)<\/style>/g);
  t.equal(
    policy,
    `default-src 'none'; script-src ${scripts}; style-src ${styles}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  const markup = page.replaceAll(/(<(?:script|style)[^>]*>)[^]*?(?=<\/(?:script|style)>)/g, "$1");
  t.match(markup, /<script><\/script>/);
  t.notMatch(markup, /<[^>]+ (?:src|href)="(?!#|data:)/);
  t.notMatch(markup, /<[^>]+ style=/);
  for (const notice of ["Apache Software Foundation", "Baidu Inc.", "Microsoft Corporation"])
    t.match(page, notice, "the notices of the libraries stay with them");
  t.end();
});

await t.test("the same report and index give the same page", (t) => {
  const cells = inEveryPeriod({ campaign: 7, converting: range(1, 12), clicked: [20], pool: [30] });
  t.equal(pageOf(smallIndex(cells)), pageOf(smallIndex([...cells].reverse())));
  t.end();
});

await t.test("revenue is exact, negative and beyond what a double holds too", (t) => {
  const page = pageOf(
    indexOf([
      { campaign: 7, banner: 1, revenue: 9_007_199_254_740_993n },
      { campaign: 7, banner: 2, revenue: -1n },
      { campaign: 8, banner: 1, revenue: 9_007_199_254_740_993n },
      { campaign: 9, banner: 2, revenue: -1_500_000n },
    ]),
  );
  const { campaigns, campaign_revenue, totals, cells } = dataOf(page);
  t.same(campaigns, [8, 7, 9], "a millionth decides the order");
  t.same(campaign_revenue, ["9007199254740993", "9007199254740992", "-1500000"]);
  t.same(
    cells.map(([cell]) => cell!.of[3]),
    campaign_revenue,
  );
  t.same(
    cells.flatMap(([cell]) => cell!.fixed.map(([, revenue]) => revenue)),
    ["9007199254740993", "9007199254740993", "-1", "-1500000"],
  );
  t.same(
    totals.map(([revenue]) => revenue),
    ["18014398507981985"],
  );
  t.end();
});

await t.test(
  "a cell has its collection and the first banner below it, unless places are drawn from what is below",
  (t) => {
    const page = pageOf(
      smallIndex(
        [
          { period: 1, campaign: 1, converting: range(101, 112) },
          { period: 1, campaign: 2, converting: range(201, 206), clicked: [220] },
          { period: 1, campaign: 3, converting: [301], clicked: range(320, 326) },
          { period: 1, campaign: 4, clicked: [420], pool: range(430, 440) },
          { period: 1, campaign: 5, converting: [501], pool: [530] },
          { period: 1, campaign: 6, converting: range(601, 610) },
        ],
        2,
      ),
    );
    const { campaigns, cells } = dataOf(page);
    const ofCampaign = (campaign: number): (typeof cells)[number] => cells[campaigns.indexOf(campaign)]!;
    const shown = (campaign: number): (number | readonly number[] | undefined)[] => {
      const { fixed, below } = ofCampaign(campaign)[0]!;
      return [fixed.map(([banner]) => banner), below?.[0]];
    };
    t.same(shown(1), [range(101, 110), 111]);
    t.same(shown(2), [range(201, 206), 220]);
    t.same(shown(3), [[301, ...range(320, 323)], 324]);
    t.same(shown(4), [[420], undefined], "four places are drawn");
    t.same(shown(5), [[501, 530], undefined], "all are in");
    t.same(shown(6), [range(601, 610), undefined], "none is below");
    t.same(
      cells.flatMap((periods) => periods.flatMap((cell) => (cell?.drawn ? [cell.drawn] : []))),
      [[4, 11, range(430, 440)]],
    );
    const [four, none] = ofCampaign(4);
    t.same(four!.of.slice(0, 3), ["by-clicks", 0, 12]);
    t.equal(none, null, "no cell in period 2");
    t.end();
  },
);

await t.test("of a large pool the first are named", (t) => {
  const { cells } = dataOf(pageOf(smallIndex([{ period: 1, campaign: 1, pool: range(1, 500) }], 1)));
  t.same(cells[0]![0]!.drawn, [5, 500, range(1, 100)]);
  t.end();
});

await t.test("the 2,000 campaigns with the most revenue are shown, the lowest ids of those that are equal", (t) => {
  const rows = range(1, 2003).map((campaign) => ({ campaign, banner: 1, revenue: campaign === 2002 ? 2n : 1n }));
  const { campaigns, campaigns_left_out, cells, totals } = dataOf(pageOf(indexOf(rows)));
  t.same(campaigns, [2002, ...range(1, 1999)]);
  t.equal(campaigns_left_out, 3);
  t.equal(cells.length, 2000);
  t.equal(totals[0]![0], "2004", "the totals are of all");
  t.end();
});

await t.test("with many periods fewer campaigns are shown: at most 12,000 cells", (t) => {
  const rows = range(1, 201).map((campaign) => ({ campaign, banner: 1, revenue: 1n }));
  const { campaigns, campaigns_left_out } = dataOf(pageOf(indexOf(rows, 60)));
  t.same([campaigns.length, campaigns_left_out], [200, 1]);
  t.end();
});

await t.test("images of banners that are shown are in the page, by their true type, and no others", (t) => {
  const image = (text: string, type: "png" | "svg"): BannerImage => imageOf(Buffer.from(text), type, "png");
  const images = new Map([
    [1, image("a", "png")],
    [2, image("b", "svg")],
    [99, image("c", "png")],
  ]);
  const thumbnails = thumbnailsOf(pageOf(smallIndex([{ period: 1, campaign: 1, converting: [1, 2] }], 1, images)));
  t.same(thumbnails, { 1: "data:image/png;base64,YQ==", 2: "data:image/svg+xml;base64,Yg==" });
  t.end();
});

await t.test("images are left out that are larger than 64 KiB, or beyond 24 MiB: those of the least revenue", (t) => {
  const ofSize = (bytes: number): BannerImage => imageOf(Buffer.alloc(bytes), "png", "png");
  const images = new Map(range(1, 390).map((banner) => [banner, ofSize(64 * 1024)]));
  images.set(5, ofSize(64 * 1024 + 1));
  // The higher the id, the more revenue, except for the first eight, which have the same.
  const rows = range(1, 390).map((banner) => ({ campaign: banner, banner, revenue: BigInt(Math.max(banner, 8)) }));
  const page = pageOf(indexOf(rows, 1, images));
  const { too_large, beyond_total } = dataOf(page).images_left_out;
  const embedded = Object.keys(thumbnailsOf(page)).map(Number);
  t.equal(embedded.length, 384);
  t.same([too_large, beyond_total], [1, 5]);
  t.same(
    range(1, 390).filter((banner) => !embedded.includes(banner)),
    [3, 4, 5, 6, 7, 8],
  );
  t.end();
});

await t.test("names of campaigns are in the page, printable, and end nothing", (t) => {
  const hostile = "</script><b>\u202e";
  const campaigns = new Map([[7, { name: hostile, defaultBanner: 0 }]]);
  const cells = [7, 8].map((campaign) => ({ period: 1, campaign, converting: [1] }));
  const page = pageOf(smallIndex(cells, 1, new Map(), new Map(), { campaigns }));
  t.notOk(page.includes("</script><b>"));
  const { campaigns: ids, campaign_names } = dataOf(page);
  t.same(
    ids.map((id, at) => [id, campaign_names[at]]),
    [
      [7, "</script><b>\\u202e"],
      [8, ""],
    ],
  );
  t.end();
});
