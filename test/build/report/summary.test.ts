import t from "tap";
import type { Kind } from "../../../build/read/find.js";
import { sumOf, type BuildReport, type FileReport } from "../../../build/report/report.js";
import { summarize } from "../../../build/report/summary.js";
import { NO_REMARKS } from "./page-report.js";

const NONE = { malformed: 0, duplicate: 0, conflict: 0, orphan: 0, "duplicate file": 0 };

function account(name: string, kind: Kind, read: number, rejected: Partial<typeof NONE> = {}): FileReport {
  const all = { ...NONE, ...rejected };
  const used = read - Object.values(all).reduce((sum, count) => sum + count);
  return { file: name, kind, period: 1, bytes: 1, sha256: "", read, used, rejected: all, unknown_columns: [] };
}

const PLAIN: Omit<BuildReport, "rows"> = {
  files: [account("1/impressions_1.csv", "impressions", 1234567)],
  ...NO_REMARKS,
  cells_by_rule: { "top-10": 1, "top-x": 20, "fill-by-clicks": 300, "by-clicks": 4000, default: 0 },
  index_bytes: 153480,
  periods: 1,
  generation: "0123456789abcdef",
};

function linesOf(report: Partial<typeof PLAIN>): string[] {
  const whole = { ...PLAIN, ...report };
  const paths = { index: "dist-index/index.bin", rejects: "dist-index/rejects.csv", page: "dist-index/report.html" };
  return summarize({ ...whole, rows: sumOf(whole.files) }, paths).split("\n");
}

await t.test("a build without remarks is told in few lines", (t) => {
  t.equal(
    linesOf({}).join("\n"),
    "1/impressions_1.csv      1,234,567 read = 1,234,567 used + 0 rejected\n" +
      "all rows                 1,234,567 read = 1,234,567 used + 0 rejected\n" +
      "periods                  1 of 60 minutes\n" +
      "cells                    4,321: 1 top-10, 20 top-x, 300 fill-by-clicks, 4,000 by-clicks, 0 default\n" +
      "before                   no index is published here\n" +
      "index                    dist-index/index.bin, 153,480 bytes, generation 0123456789abcdef\n" +
      "report                   dist-index/report.html: open it in a browser to see why each banner is in\n",
  );
  t.end();
});

await t.test("what a check found and was let pass is told, and what is not written is not named", (t) => {
  const findings = [
    { name: "periods", text: "3 periods", accepted: true },
    { name: "orphans", text: "2 of 3", accepted: false },
  ] as const;
  const whole = { ...PLAIN, findings, files: [account("1/clicks_1.csv", "clicks", 9, { orphan: 2 })] };
  const lines = summarize({ ...whole, rows: sumOf(whole.files) }, {}).split("\n");
  t.same(
    lines.filter((line) => /^(accepted|rejected|index|report) /.test(line)),
    [
      "rejected                 2 orphan",
      "accepted                 periods: 3 periods",
      "index                    not published, 153,480 bytes, generation 0123456789abcdef",
    ],
  );
  t.end();
});

await t.test("each file has its sum, and all have theirs", (t) => {
  const lines = linesOf({
    files: [
      account("1/clicks_1.csv", "clicks", 1000, { malformed: 1, duplicate: 2, conflict: 3 }),
      account("1/clicks_2.csv", "clicks", 1000, { "duplicate file": 1000 }),
      account("1/conversions_1.csv", "conversions", 50, { orphan: 4, duplicate: 5 }),
    ],
  });
  t.strictSame(lines.slice(0, 5), [
    "1/clicks_1.csv           1,000 read = 994 used + 6 rejected",
    "1/clicks_2.csv           1,000 read = 0 used + 1,000 rejected",
    "1/conversions_1.csv      50 read = 41 used + 9 rejected",
    "all rows                 2,050 read = 1,035 used + 1,015 rejected",
    "rejected                 1 malformed, 7 duplicate, 3 conflict, 4 orphan, 1,000 duplicate file: see dist-index/rejects.csv",
  ]);
  t.end();
});

await t.test("kinds of rejects that there are none of are left out", (t) => {
  const files = [account("1/clicks_1.csv", "clicks", 9, { orphan: 2 })];
  t.ok(linesOf({ files }).includes("rejected                 2 orphan: see dist-index/rejects.csv"));
  t.end();
});

await t.test("remarks are told where there is something to remark", (t) => {
  const files = [
    { ...account("1/clicks_1.csv", "clicks", 1), unknown_columns: ["note", "seen_at"] },
    { ...account("1/clicks_2.csv", "clicks", 1), unknown_columns: ["note"] },
  ];
  const notes = linesOf({
    files,
    clicks_without_impression: 12345,
    banners_without_image: [371, 372],
    mixed_sizes: {
      count: 12,
      first: Array.from({ length: 10 }, (_, at) => ({ campaign: at, sizes: ["300 x 250", "9 x 9"] })),
    },
    unreadable_images: ["image_9.svg"],
    unread_files: ["1/notes.md", "banners/Thumbs.db"],
    missing_kinds: ["2/conversions"],
  }).filter((line) => line.startsWith("note "));
  t.strictSame(notes, [
    "note                     12,345 click(s) without an impression, which count",
    'note                     columns that are not read: "note" (1/clicks_1.csv), "seen_at" (1/clicks_1.csv), "note" (1/clicks_2.csv)',
    "note                     files that are not read: 1/notes.md, banners/Thumbs.db",
    "note                     no file of these kinds: 2/conversions",
    "note                     not images, a placeholder was drawn: image_9.svg",
    "note                     banners without an image, a placeholder was drawn: 371, 372",
    `note                     campaigns whose banners differ in size: ${Array.from("0123456789", (id) => `${id} (300 x 250, 9 x 9)`).join(", ")} and 2 more`,
  ]);
  t.end();
});

await t.test("of many things ten are named, and the others counted", (t) => {
  const banners = Array.from({ length: 2010 }, (_, at) => at + 1);
  const note = (count: number): string | undefined =>
    linesOf({ banners_without_image: banners.slice(0, count) }).find((line) => line.startsWith("note "));
  const start =
    "note                     banners without an image, a placeholder was drawn: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
  t.equal(note(10), start);
  t.equal(note(11), `${start} and 1 more`);
  t.equal(note(2010), `${start} and 2,000 more`);
  t.end();
});

await t.test("banners that are held back are named with the reason and the first cells that lose them", (t) => {
  const first_cells = [1, 2, 3, 4, 5].map((campaign) => ({ period: 1, campaign }));
  const lines = linesOf({
    held_back: [
      { banner: 5, reason: "off", cells: 1234, first_cells },
      { banner: 6, reason: "over", cells: 0, first_cells: [] },
    ],
    defaults_held_back: [7, 8],
  });
  const notes = lines.filter((line) => line.startsWith("note"));
  t.strictSame(notes, [
    "note                     banners that are held back: 5 (off: period 1 campaign 1, period 1 campaign 2, " +
      "period 1 campaign 3, period 1 campaign 4, period 1 campaign 5 and 1,229 more), 6 (over, in no cell)",
    "note                     campaigns whose default banner is held back: 7, 8",
  ]);
  t.end();
});
