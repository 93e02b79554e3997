import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { TimeOptions } from "../../build/read/time-options.js";
import { build } from "../../build/stages.js";
import { inspect } from "../../src/index/inspect.js";
import { buildIndex } from "./commands.js";
import { publishedCatalog } from "./built-index.js";

const IMPRESSIONS = "timestamp,banner_id,campaign_id\n";
const CLICKS = "timestamp,click_id,banner_id,campaign_id\n";
const CONVERSIONS = "timestamp,conversion_id,click_id,revenue\n";

/** Of two days, in each form that there is; 29 November is the window. */
const TWO_DAYS = {
  "impressions.csv":
    "timestamp,banner_id,campaign_id,count\n" +
    "2026-11-28T22:59:59Z,101,7,1000\n" +
    "2026-11-28T23:00:00Z,101,7,20\n" +
    "2026-11-29 00:14:59.999,101,7,3\n" +
    "2026-11-29 00:15:00,102,7,1\n" +
    "1795993199,102,7,1\n" +
    "1795993200000,102,7,1000\n",
  "clicks.csv":
    `${CLICKS}2026-11-28 23:59:59,before,101,7\n` +
    "2026-11-29 00:00:00,f0e1,101,7\n" +
    "2026-11-29 23:59:59,7,102,7\n" +
    "2026-11-30 00:00:00,after,102,7\n",
  "conversions.csv":
    `${CONVERSIONS}2026-11-29 09:00:00,c-1,before,1\n` +
    "2026-12-24 09:00:00,c-2,f0e1,2.5\n" +
    "2026-11-28 09:00:00,c-3,7,4\n" +
    "2026-11-29 09:00:00,c-4,after,8\n" +
    "2026-11-29 09:00:00,c-5,unknown,16\n",
};
const WINDOW = ["--time-zone", "Europe/Berlin", "--from", "2026-11-29", "--to", "2026-11-30"];

interface Built {
  readonly status: number | null;
  readonly stdout: readonly string[];
  readonly stderr: string;
  readonly out: string;
}

function built(t: Test, files: Readonly<Record<string, unknown>>, ...options: string[]): Built {
  const folder = t.testdir({ data: files as Record<string, string> });
  const out = join(folder, "out");
  const finished = buildIndex(["--data", join(folder, "data"), "--out", out, ...options]);
  return { ...finished, stdout: finished.stdout.split("\n"), stderr: finished.stderr.replaceAll(folder, "."), out };
}

function cellsOf(out: string): string[] {
  return inspect(publishedCatalog(out)).cells.map(({ period, campaign, collection }) => {
    const banners = collection.map(
      (each) => `${each.banner} ${each.impressions}/${each.clicks}/${each.conversions} ${each.revenue}`,
    );
    return `${campaign} in ${period}: ${banners.join(", ")}`;
  });
}

await t.test(
  "a window keeps its impressions and clicks, and the conversions of its clicks, whenever they were",
  (t) => {
    const { status, stdout, out } = built(t, TWO_DAYS, ...WINDOW);
    t.equal(status, 0);
    t.strictSame(stdout.slice(0, 7), [
      "impressions.csv          6 read = 4 used + 0 rejected + 2 outside",
      "clicks.csv               4 read = 2 used + 0 rejected + 2 outside",
      "conversions.csv          5 read = 2 used + 1 rejected + 2 outside",
      "all rows                 15 read = 8 used + 1 rejected + 6 outside",
      `rejected                 1 orphan: see ${out}/rejects.csv`,
      "time zone                Europe/Berlin, whose minutes tell the period",
      "window                   from 2026-11-28T23:00:00.000Z to before 2026-11-29T23:00:00.000Z",
    ]);
    t.strictSame(cellsOf(out), [
      "7 in 1: 101 23/1/1 2.500000",
      "7 in 2: 102 1/0/0 0.000000",
      "7 in 4: 102 1/1/1 4.000000",
    ]);
    t.end();
  },
);

await t.test("the report says the zone and the window, and what is outside", (t) => {
  const { out } = built(t, TWO_DAYS, ...WINDOW);
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as Record<string, unknown>;
  t.match(report, {
    periods: 4,
    timestamps: { time_zone: "Europe/Berlin", from: "2026-11-28T23:00:00.000Z", to: "2026-11-29T23:00:00.000Z" },
    rows: { read: 15, used: 8, outside: 6 },
    files: [{ file: "impressions.csv", period: null, outside: 2 }],
  });
  const page = readFileSync(join(out, "report.html"), "utf8");
  t.match(page, '"timestamps":{"time_zone":"Europe/Berlin"');
  t.end();
});

await t.test("without a window nothing is outside, and without a zone it is the machine's", (t) => {
  const folder = t.testdir({ data: TWO_DAYS });
  const words = ["--data", join(folder, "data"), "--out", join(folder, "out"), "--periods", "2"];
  const { stdout } = buildIndex(words, { TZ: "Asia/Tehran" });
  t.match(stdout, "all rows                 15 read = 14 used + 1 rejected\n");
  t.match(stdout, "time zone                Asia/Tehran, whose minutes tell the period\n");
  t.match(stdout, "periods                  2 of 30 minutes\n");
  t.end();
});

await t.test(
  "the same events give the same index from timestamps as from period folders, on threads too",
  async (t) => {
    const minutes = [0, 14, 15, 29, 30, 44, 45, 59];
    const rows = minutes.flatMap((minute, at) => {
      const time = `2026-11-29T08:${String(minute).padStart(2, "0")}:30+05:45`;
      return [0, 1, 2].map((banner) => ({
        time,
        period: Math.floor(minute / 15) + 1,
        id: at * 3 + banner + 1,
        banner: banner + 100,
      }));
    });
    const folder = t.testdir({ timed: {}, folders: {} });
    const csv = (file: string, header: string, lines: readonly string[]): void => {
      writeFileSync(join(folder, file), `${header}\n${lines.map((line) => `${line}\n`).join("")}`);
    };
    csv(
      "timed/impressions.csv",
      "timestamp,banner_id,campaign_id",
      rows.map((row) => `${row.time},${row.banner},7`),
    );
    csv(
      "timed/clicks.csv",
      "timestamp,click_id,banner_id,campaign_id",
      rows.map((row) => `${row.time},${row.id},${row.banner},7`),
    );
    csv(
      "timed/conversions.csv",
      "timestamp,conversion_id,click_id,revenue",
      rows.map((row) => `${row.time},${row.id},${row.id},0.${row.id}`),
    );
    for (const period of [1, 2, 3, 4]) {
      const own = rows.filter((row) => row.period === period);
      mkdirSync(join(folder, `folders/${period}`));
      csv(
        `folders/${period}/impressions.csv`,
        "banner_id,campaign_id",
        own.map((row) => `${row.banner},7`),
      );
      csv(
        `folders/${period}/clicks.csv`,
        "click_id,banner_id,campaign_id",
        own.map((row) => `${row.id},${row.banner},7`),
      );
      csv(
        `folders/${period}/conversions.csv`,
        "conversion_id,click_id,revenue",
        own.map((row) => `${row.id},${row.id},0.${row.id}`),
      );
    }
    const cells: string[][] = [];
    for (const [data, workers] of [
      ["timed", undefined],
      ["timed", 2],
      ["folders", undefined],
    ] as const) {
      const out = join(folder, "out");
      const timestamps = data === "timed" ? { "time-zone": "Asia/Kathmandu" } : undefined;
      await build({ data: join(folder, data), banners: undefined, out, onBadRow: "stop", workers, timestamps });
      cells.push(cellsOf(out));
    }
    t.equal(cells[0]?.length, 4);
    t.strictSame(cells[1], cells[0]);
    t.strictSame(cells[2], cells[0]);
  },
);

await t.test("data without a usable row in the window are refused", (t) => {
  const { status, stderr } = built(t, TWO_DAYS, ...WINDOW.slice(0, 2), "--from", "2027-01-01");
  t.equal(status, 1);
  t.equal(
    stderr,
    "billboard build: ./data: no usable rows, 14 of 15 outside of --from and --to: refusing to publish an empty index\n",
  );
  t.end();
});

await t.test("what contradicts itself stops the build with one line", async (t) => {
  const folders = { 1: { "impressions.csv": "banner_id,campaign_id\n1,2\n" } };
  const cases: [files: Record<string, unknown>, timestamps: TimeOptions, line: RegExp][] = [
    [{ "impressions.csv": "banner_id,campaign_id\n1,2\n" }, {}, /impressions\.csv:1: column timestamp is missing/],
    [{ "statistics.csv": "x" }, {}, /data\/statistics\.csv: statistics have no time/],
    [{ ...folders, "clicks.csv": `${CLICKS}0,1,1,1\n` }, {}, /data\/clicks\.csv: .* beside the period folders/],
    [folders, { from: "2026-11-29" }, /--from: is for events with timestamps/],
  ];
  for (const [files, times, line] of cases) {
    const folder = t.testdir({ data: files as Record<string, string> });
    const timestamps = { machineZone: "Europe/Berlin", ...times };
    const options = { data: join(folder, "data"), banners: undefined, out: join(folder, "out"), timestamps };
    await t.rejects(build({ ...options, onBadRow: "stop" }), { message: line });
  }
});

await t.test("a window that ends before it begins is wrong usage", (t) => {
  const { status, stderr } = built(t, TWO_DAYS, "--time-zone", "UTC", "--from", "2026-11-30", "--to", "2026-11-29");
  t.equal(status, 2);
  t.equal(stderr, "billboard build: --to: 2026-11-29 is not after --from 2026-11-30: no event is in between\n");
  t.end();
});

await t.test("options that are no number of periods and no instant are wrong usage", (t) => {
  for (const [option, value] of [
    ["--periods", "7"],
    ["--from", "2026-02-30"],
  ] as const) {
    const { status, stderr } = built(t, {}, option, value);
    t.equal(status, 2);
    t.match(stderr, `billboard build: ${option}: got "${value}", expected `);
  }
  t.end();
});

await t.test("a time that clocks leave out is malformed, and says why", (t) => {
  const files = { "impressions.csv": `${IMPRESSIONS}2026-03-29 02:30:00,1,1\n` };
  const { status, stderr } = built(t, files, "--time-zone", "Europe/Berlin");
  t.equal(status, 1);
  t.match(
    stderr,
    /impressions\.csv:2: timestamp is "2026-03-29 02:30:00", a time that clocks in Europe\/Berlin leave out/,
  );
  t.end();
});

await t.test("a column timestamp in a period folder is unknown, as ever", (t) => {
  const { status, stdout } = built(t, { 1: { "impressions.csv": `${IMPRESSIONS}yesterday,1,2\n` } });
  t.equal(status, 0);
  t.ok(stdout.includes('note                     columns that are not read: "timestamp" (1/impressions.csv)'));
  t.end();
});
