import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Comparison } from "../../../src/view/change/comparison.js";
import { build } from "../../../build/stages.js";
import { filesOf } from "../built-index.js";
import { buildIndex, type Finished } from "../commands.js";
import { clicksCsv, dataFolder, type PeriodRows } from "../data-folder.js";

/** Banners of a campaign that have an impression and no click. */
const seen = (campaign: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at},${campaign}`);

const BEFORE: readonly PeriodRows[] = [
  { impressions: ["1,7", "2,7", "3,8"], clicks: ["1,1,7"], conversions: ["1,1,0.3"] },
  { impressions: ["3,8"] },
];

interface Folders {
  readonly out: string;
  readonly build: (name: string, ...options: string[]) => Finished;
}

function published(t: Test, folders: Readonly<Record<string, readonly PeriodRows[]>>): Folders {
  const folder = t.testdir(
    Object.fromEntries(Object.entries(folders).map(([name, rows]) => [name, dataFolder(...rows)])),
  );
  const out = join(folder, "out");
  const run = (name: string, ...options: string[]): Finished =>
    buildIndex(["--data", join(folder, name), "--out", out, ...options]);
  t.match(run("before"), { status: 0, stdout: /^periods +2 of 30 minutes$[^]*^before +no index is published here$/m });
  return { out, build: run };
}

function differenceIn(out: string): Comparison {
  return (JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as { difference: Comparison }).difference;
}

await t.test("the same bytes again are unchanged, whichever day they are built", (t) => {
  const { out, build } = published(t, { before: BEFORE, today: BEFORE });
  t.match(differenceIn(out), { result: "first" });
  const index = filesOf(out)["index.bin"];
  t.match(build("today"), { status: 0, stdout: /^before +unchanged: generation \w{16} is published already$/m });
  t.match(differenceIn(out), { result: "unchanged" });
  t.equal(filesOf(out)["index.bin"], index);
  t.end();
});

await t.test("what is different is told: periods, cells, revenue, campaigns and banners", (t) => {
  const { out, build } = published(t, {
    before: BEFORE,
    // Campaign 9 comes with 25 banners, of which each may be drawn; 2 is shown no more.
    after: [
      { impressions: ["1,7", "3,8", ...seen(9, 11, 35)], clicks: ["1,1,7"], conversions: ["1,1,-1234.5"] },
      { impressions: ["3,8", "5,10"] },
    ],
  });
  const { status, stdout, stderr } = build("after");
  t.same({ status, stderr }, { status: 0, stderr: "" });
  const lines = stdout.split("\n").filter((line) => /^(before|cells before|revenue|campaigns|banners) /.test(line));
  const { generation, ...difference } = differenceIn(out) as Extract<Comparison, { result: "changed" }>;
  t.same(lines, [
    `before                   2 of 30 minutes, generation ${generation.before}`,
    "cells before             3: 0 top-10, 0 top-x, 1 fill-by-clicks, 2 by-clicks, 0 default; since then 0 gone, 2 new, 0 with another rule, 1 with other banners",
    "revenue                  −1,234.500000, before 0.300000",
    "campaigns                2 (9, 10) new, none gone, 3 changed",
    "banners                  26 (5, 11, 12, 13, 14, 15, 16, 17, 18, 19 and 16 more) in, 1 (2) out",
  ]);
  t.same(difference, {
    result: "changed",
    periods: { before: 2, after: 2 },
    cells_by_rule: {
      "top-10": { before: 0, after: 0 },
      "top-x": { before: 0, after: 0 },
      "fill-by-clicks": { before: 1, after: 1 },
      "by-clicks": { before: 2, after: 4 },
      default: { before: 0, after: 0 },
    },
    cells_gone: 0,
    cells_new: 2,
    collections_changed: 1,
    rules_changed: 0,
    campaigns_changed: 3,
    revenue: { before: "0.300000", after: "-1234.500000" },
    campaigns_new: { count: 2, first: [9, 10] },
    campaigns_gone: { count: 0, first: [] },
    banners_in: { count: 26, first: [5, ...Array.from({ length: 19 }, (_, at) => 11 + at)] },
    banners_out: { count: 1, first: [2] },
  });
  t.end();
});

await t.test("cells of other periods are not compared", (t) => {
  const { out, build } = published(t, { before: BEFORE, after: [BEFORE[0]!] });
  t.match(build("after", "--accept", "periods"), { status: 0, stdout: /2 by-clicks, 0 default\nrevenue/ });
  t.match(differenceIn(out), {
    periods: { before: 2, after: 1 },
    cells_gone: null,
    cells_new: null,
    rules_changed: null,
    campaigns_changed: null,
  });
  t.end();
});

await t.test(
  "a published index that cannot be read is said, checks that need none hold, and it is replaced",
  async (t) => {
    const folder = t.testdir({ good: dataFolder(...BEFORE), bad: dataFolder({ impressions: ["0,0", "3,8"] }) });
    const out = join(folder, "out");
    const options = { data: join(folder, "good"), banners: undefined, out, onBadRow: "reject" } as const;
    await build(options);
    const good = readFileSync(join(out, "index.bin"));
    const unsound = Buffer.from(good);
    const cellsAt = good.indexOf(Buffer.from(Uint32Array.of(7).buffer), 256);
    unsound.fill(0xff, cellsAt, cellsAt + 64);
    for (const [bytes, reason] of [
      [Buffer.alloc(0), "truncated: 0 bytes"],
      [good.subarray(0, -16), "truncated: "],
      [Buffer.from("no index, but as long as a header of one".repeat(9)), "not a Billboard index"],
      [unsound, "contradictory: "],
    ] as const) {
      writeFileSync(join(out, "index.bin"), bytes);
      const refused: unknown = await build({ ...options, data: join(folder, "bad") }).catch((error: unknown) => error);
      t.match(refused, { report: { findings: [{ name: "rejected" }] } }, reason);
      t.ok(readFileSync(join(out, "index.bin")).equals(bytes), "it stays as it is where the build is refused");
      t.match((await build(options)).difference, { result: "unreadable", reason: new RegExp(`^${reason}`) });
      t.ok(readFileSync(join(out, "index.bin")).equals(good), "it is whole again");
    }
    writeFileSync(join(out, "index.bin"), "");
    t.match(buildIndex(["--data", join(folder, "good"), "--out", out]), {
      status: 0,
      stdout: /^before +the published index cannot be compared with, since it cannot be read: truncated: 0 bytes/m,
    });
  },
);

await t.test("an image that was damaged on disk is not looked at, since figures do not need it", async (t) => {
  const folder = t.testdir({ data: dataFolder({ impressions: ["1,7"] }) });
  const options = {
    data: join(folder, "data"),
    banners: undefined,
    out: join(folder, "out"),
    onBadRow: "stop",
  } as const;
  await build(options);
  const file = join(folder, "out/index.bin");
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, bytes.indexOf("</svg>")));
  mkdirSync(join(folder, "data/2"));
  copyFileSync(join(folder, "data/1/impressions_1.csv"), join(folder, "data/2/impressions_1.csv"));
  writeFileSync(join(folder, "data/2/clicks_1.csv"), clicksCsv());
  const refused: unknown = await build(options).catch((error: unknown) => error);
  t.match(refused, { report: { findings: [{ name: "periods" }] } });
});
