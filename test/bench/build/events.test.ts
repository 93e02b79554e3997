import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parse } from "csv-parse/sync";
import { EVENT_KINDS, expectedRows, fileOf, rowsBefore, rowsOfPeriod } from "../../../bench/build/amounts.js";
import { chanceOf, zipfRanks } from "../../../bench/build/chance.js";
import { Events } from "../../../bench/build/events.js";
import { bytesNeeded } from "../../../bench/build/room.js";
import { putMillionths, putNumber } from "../../../bench/build/row-bytes.js";
import { writeEvents } from "../../../bench/build/write-events.js";

const AMOUNTS = { impressions: 5002, clicks: 6003, conversions: 7001, periods: 3, campaigns: 5, banners: 4 };

function written(put: (bytes: Uint8Array, at: number) => number): string {
  const bytes = Buffer.alloc(64);
  return bytes.toString("latin1", 3, put(bytes, 3));
}

await t.test("numbers are written digit by digit", (t) => {
  for (const number of [0, 9, 10, 99, 100, 2147483648, 4294967295, 9999999999])
    t.equal(
      written((bytes, at) => putNumber(bytes, at, number)),
      String(number),
    );
  t.end();
});

await t.test("revenue is written as a plain decimal without needless zeros", (t) => {
  for (const [millionths, text] of [
    [0, "0"],
    [1, "0.000001"],
    [-19_500_000, "-19.5"],
    [20_000_000, "20"],
    [1_230_045, "1.230045"],
  ] as const)
    t.equal(
      written((bytes, at) => putMillionths(bytes, at, millionths)),
      text,
    );
  t.end();
});

await t.test("every row has one period", (t) => {
  for (const total of [3, 4, 5, 6003]) {
    const rows = [1, 2, 3].map((period) => rowsOfPeriod(total, period, 3));
    t.equal(
      rows.reduce((sum, each) => sum + each, 0),
      total,
    );
    t.strictSame(
      [1, 2, 3].map((period) => rowsBefore(total, period, 3)),
      [0, rows[0]!, rows[0]! + rows[1]!],
    );
  }
  t.end();
});

await t.test("the first ranks come most often, and the last ones too", (t) => {
  const counts = Array<number>(50).fill(0);
  for (const rank of zipfRanks(50)) counts[rank]!++;
  t.ok(counts.every((count, rank) => count > 0 && (rank === 0 || count <= counts[rank - 1]! + 1)));
  t.ok(Math.abs(counts[0]! / counts[9]! - 10) < 0.1, "the tenth a tenth as often");
  t.strictSame(new Set(zipfRanks(1)), new Set([0]));
  t.end();
});

await t.test("chance is spread evenly, and each stream has its own", (t) => {
  const chance = chanceOf(1, "one");
  const tenths = Array<number>(10).fill(0);
  for (let place = 0; place < 100_000; place++) tenths[Math.floor((chance(place) / 2 ** 32) * 10)]!++;
  t.ok(
    tenths.every((count) => Math.abs(count - 10_000) < 400),
    tenths.join(),
  );
  t.not(chanceOf(1, "two")(0), chance(0));
  t.not(chanceOf(2, "one")(0), chance(0));
  t.end();
});

await t.test(
  "the files hold what is expected of them, by a count that knows nothing of how they were made",
  async (t) => {
    const folder = t.testdir({});
    const events = new Events(AMOUNTS, 5);
    const bytes = await writeEvents(folder, events, new AbortController().signal);
    const rowsOf = (kind: (typeof EVENT_KINDS)[number]): string[][] =>
      [1, 2, 3].flatMap((period) =>
        parse(readFileSync(join(folder, fileOf(kind, period))), { from: 2 }).map((row) => [String(period), ...row]),
      );
    const [impressions, clicks, conversions] = EVENT_KINDS.map(rowsOf);
    t.equal(impressions!.length, AMOUNTS.impressions);
    const repeats = (
      rows: readonly string[][],
      idAt: number,
    ): { duplicate: number; conflict: number; first: Map<string, string> } => {
      const found = { duplicate: 0, conflict: 0, first: new Map<string, string>() };
      for (const row of rows) {
        const earlier = found.first.get(row[idAt]!);
        if (earlier === undefined) found.first.set(row[idAt]!, row.slice(idAt === 1 && rows === clicks ? 0 : 1).join());
        else if (earlier === row.slice(rows === clicks ? 0 : 1).join()) found.duplicate++;
        else found.conflict++;
      }
      return found;
    };
    const clickRepeats = repeats(clicks!, 1);
    const orphans = conversions!.filter((row) => !clickRepeats.first.has(row[2]!));
    const known = conversions!.filter((row) => clickRepeats.first.has(row[2]!));
    const conversionRepeats = repeats(known, 1);
    const { duplicate, conflict } = clickRepeats;
    t.match(expectedRows(AMOUNTS, "clicks"), {
      read: 6003,
      used: 6003 - duplicate - conflict,
      duplicate,
      conflict,
      orphan: 0,
    });
    t.match(expectedRows(AMOUNTS, "conversions"), {
      read: 7001,
      used: conversionRepeats.first.size,
      duplicate: conversionRepeats.duplicate,
      conflict: conversionRepeats.conflict,
      orphan: orphans.length,
    });
    t.ok(duplicate > 0 && conflict > 0 && orphans.length > 0 && conversionRepeats.conflict > 0);
    const revenue = [...conversionRepeats.first.values()].reduce(
      (sum, row) => sum + Math.round(Number(row.split(",")[2]) * 1e6),
      0,
    );
    t.equal(events.revenue, BigInt(revenue));
    t.ok(bytes < bytesNeeded(AMOUNTS));
  },
);
