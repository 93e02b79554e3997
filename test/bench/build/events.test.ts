import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { parse } from "csv-parse/sync";
import { EVENT_KINDS, writeEvents, zipfRanks, type EventKind } from "../../../bench/build/events.js";

const AMOUNTS = { impressions: 5002, clicks: 6003, conversions: 7001, periods: 3, campaigns: 5, banners: 4 };

await t.test("the first ranks come most often, and the last ones too", (t) => {
  const counts = Array<number>(50).fill(0);
  for (const rank of zipfRanks(50)) counts[rank]!++;
  t.ok(counts.every((count, rank) => count > 0 && (rank === 0 || count <= counts[rank - 1]! + 1)));
  t.ok(Math.abs(counts[0]! / counts[9]! - 10) < 0.1, "the tenth a tenth as often");
  t.strictSame(new Set(zipfRanks(1)), new Set([0]));
  t.end();
});

await t.test(
  "the files hold what is expected of them, by a count that knows nothing of how they were made",
  async (t) => {
    const folder = t.testdir({});
    const { signal } = new AbortController();
    const { bytes, expectation } = await writeEvents(folder, AMOUNTS, 5, signal);
    const files = EVENT_KINDS.flatMap((kind) =>
      [1, 2, 3].map((period) => join(folder, String(period), `${kind}_${period}.csv`)),
    );
    t.equal(readdirSync(folder, { recursive: true }).length, 3 + files.length, "and no more files");
    const rowsOf = (kind: EventKind): string[][] =>
      files
        .filter((file) => file.includes(kind))
        .flatMap((file, at) => parse(readFileSync(file), { from: 2 }).map((row) => [String(at + 1), ...row]));
    const [impressions, clicks, conversions] = EVENT_KINDS.map(rowsOf);
    t.equal(
      bytes,
      files.reduce((sum, file) => sum + readFileSync(file).length, 0),
    );

    /** Those that say an id for the first time, by id; and how many say it again, in the same words or in others. */
    const firstOf = (
      rows: readonly string[][],
    ): { first: Map<string, string>; duplicate: number; conflict: number } => {
      const found = { first: new Map<string, string>(), duplicate: 0, conflict: 0 };
      for (const [, id = "", ...rest] of rows) {
        const earlier = found.first.get(id);
        if (earlier === undefined) found.first.set(id, rest.join());
        else if (earlier === rest.join()) found.duplicate++;
        else found.conflict++;
      }
      return found;
    };
    const ofClicks = firstOf(clicks!);
    const orphans = conversions!.filter((row) => !ofClicks.first.has(row[2]!));
    const ofConversions = firstOf(conversions!.filter((row) => ofClicks.first.has(row[2]!)));
    const used = [impressions!.length, ofClicks.first.size, ofConversions.first.size];
    t.same(expectation, {
      read: 5002 + 6003 + 7001,
      used: used.reduce((sum, count) => sum + count, 0),
      orphan: orphans.length,
      conflict: ofClicks.conflict + ofConversions.conflict,
      duplicate: ofClicks.duplicate + ofConversions.duplicate,
    });
    for (const count of Object.values(expectation)) t.ok(count > 0);
    t.same([impressions!.length, clicks!.length, conversions!.length], [5002, 6003, 7001]);
    t.ok(
      conversions!.some((row) => row[3]!.startsWith("-")),
      "there are refunds",
    );
  },
);

await t.test("the same seed makes the same data, and another seed other data", async (t) => {
  const folder = t.testdir({});
  const { signal } = new AbortController();
  const texts: string[] = [];
  for (const [at, seed] of [5, 5, 6].entries()) {
    await writeEvents(join(folder, String(at)), AMOUNTS, seed, signal);
    texts.push(readFileSync(join(folder, String(at), "2/clicks_2.csv"), "utf8"));
  }
  t.ok(texts[0] === texts[1]);
  t.ok(texts[0] !== texts[2]);
});
