import { readdirSync, renameSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { newFigures, PERIODS, REPEATED_CLICKS, type Figures } from "../../../src/recording/figures.js";
import { Recording } from "../../../src/recording/recording.js";
import { newRing, RingReader, RingWriter } from "../../../src/recording/ring.js";
import { seededRandom } from "../seeded-random.js";
import { impressionSums, recordedFiles, recordedRows } from "./recorded-rows.js";

t.setTimeout(120_000);

const SERVER = "0123456789abcdef";
const START = "20261130T100000Z";

interface Recorded {
  readonly recording: Recording;
  readonly writer: RingWriter;
  readonly reader: RingReader;
  readonly figures: Figures;
  readonly told: string[];
  /** Takes an impression at this time, and writes it. */
  readonly show: (time: string, banner: number) => Promise<void>;
}

function recorded(folder: string, timeZone: string, periods: number, slots = 1024): Recorded {
  let now = 0;
  const ring = newRing(slots);
  const figures = newFigures();
  figures[PERIODS] = periods;
  const told: string[] = [];
  const recording = new Recording(
    { folder, server: SERVER, start: START, syncMs: 0, timeZone, rings: [ring], figures },
    {
      makeFolder: async () => {
        told.push("made");
        await mkdir(folder, { recursive: true });
      },
      onFailing: (reason) => told.push(`failing: ${reason}`),
      onWorks: () => told.push("works"),
    },
    () => now,
  );
  const writer = new RingWriter(ring);
  const show = async (time: string, banner: number): Promise<void> => {
    now = Date.parse(time);
    writer.impression(now / 1000, 1, banner);
    recording.drain();
    await recording.flush();
  };
  return { recording, writer, reader: new RingReader(ring), figures, told, show };
}

const bannersIn = (folder: string): string[][] =>
  recordedFiles(folder, "impressions").map(({ rows }) => rows.map((row) => row[2]!));

await t.test("in Kathmandu the hour, and with it the period, begins at a quarter past", async (t) => {
  const folder = t.testdir();
  const { recording, show, figures, told } = recorded(folder, "Asia/Kathmandu", 1);
  await show("2026-11-30T10:10:00Z", 1);
  await show("2026-11-30T10:14:59Z", 2);
  t.same(readdirSync(folder), [`open-impressions-${SERVER}-${START}-000001.csv`]);
  await show("2026-11-30T10:15:00Z", 3);
  await show("2026-11-30T11:00:00Z", 4);
  await show("2026-11-30T11:14:59Z", 5);
  t.same(bannersIn(folder), [["1", "2"]]);
  await show("2026-11-30T11:15:00Z", 6);
  t.ok(await recording.finish());
  t.same(bannersIn(folder), [["1", "2"], ["3", "4", "5"], ["6"]]);
  t.same(
    recordedFiles(folder, "impressions").map(({ name }) => name),
    [1, 2, 3].map((number) => `impressions-${SERVER}-${START}-00000${number}.csv`),
  );
  t.equal(figures[4], 3);
  t.same(told, []);
});

await t.test("a file ends also where the clock is put back, and where another index has other periods", async (t) => {
  const folder = t.testdir();
  const { recording, show, figures } = recorded(folder, "UTC", 4);
  await show("2026-11-30T10:20:00Z", 1);
  await show("2026-11-30T09:20:00Z", 2);
  await show("2026-11-30T09:16:00Z", 3);
  figures[PERIODS] = 1;
  await show("2026-11-30T09:17:00Z", 4);
  t.ok(await recording.finish());
  t.same(bannersIn(folder), [["1"], ["2", "3"], ["4"]]);
  t.same(
    readdirSync(folder).filter((name) => name.startsWith("open-")),
    [],
  );
});

await t.test("the rows say what was put in: sums by second, campaign and banner, over several writes", async (t) => {
  const folder = t.testdir();
  const { recording, writer, figures } = recorded(folder, "UTC", 4, 65_536);
  const random = seededRandom(19);
  const expected = new Map<string, number>();
  const clicks = [];
  // Most ids are small, some are as large as they may be.
  const id = (): number => (random() < 0.1 ? 4_294_967_295 - Math.floor(random() * 3) : 1 + Math.floor(random() * 40));
  for (let round = 0; round < 5; round++) {
    for (let event = 0; event < 20_000; event++) {
      const [seconds, campaign, banner] = [1_796_072_400 + Math.floor(random() * 3), id(), id()];
      const timestamp = new Date(seconds * 1000).toISOString().replace(".000", "");
      if (random() < 0.02) {
        const words = Uint32Array.from({ length: 4 }, () => random() * 2 ** 32);
        writer.click(seconds, campaign, banner, words);
        const hex = [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
        clicks.push([timestamp, hex, String(campaign), String(banner)]);
      } else {
        writer.impression(seconds, campaign, banner);
        const key = `${timestamp} ${campaign} ${banner}`;
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
    }
    t.ok(recording.drain());
    if (round % 2 === 0) await recording.flush();
  }
  t.ok(await recording.finish());
  t.same(impressionSums(folder), expected);
  t.ok(recordedRows(folder, "impressions").length < 4 * expected.size, "impressions of one second are one row a write");
  t.same(recordedRows(folder, "clicks"), clicks);
  t.equal(
    figures[0],
    [...expected.values()].reduce((sum, count) => sum + count),
  );
  t.equal(figures[1], clicks.length);
});

await t.test("a click that is known is counted as repeated, and not written again", async (t) => {
  const folder = t.testdir();
  const { recording, writer, figures } = recorded(folder, "UTC", 4, 2 ** 19);
  const click = (n: number): void => {
    writer.click(1, 1, 1, new Uint32Array([0, 0, 0, n]));
  };
  for (let n = 1; n <= 100_000; n++) click(n);
  for (let n = 1; n <= 100_000; n++) click(n);
  recording.drain();
  t.equal(figures[REPEATED_CLICKS], 100_000, "the last 100,000 are known");
  for (let n = 100_001; n <= 300_000; n++) {
    click(n);
    if (n % 50_000 !== 0) continue;
    recording.drain();
    await recording.flush();
  }
  click(1);
  t.ok(await recording.finish());
  t.equal(recordedRows(folder, "clicks").length, 300_001, "the first is forgotten: memory is bounded");
  t.equal(figures[REPEATED_CLICKS], 100_000);
});

await t.test("while it cannot write, memory fills, then the ring; all of it is written after", async (t) => {
  const folder = join(t.testdir({ rec: {} }), "rec");
  const { recording, writer, reader, figures, told } = recorded(folder, "UTC", 4, 2 ** 19);
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "not a folder");
  const bound = 2 ** 20;
  let banner = 0;
  for (let round = 0; round < 16; round++) {
    for (let event = 0; event < 2 ** 17; event++) writer.impression(1, 1, ++banner);
    recording.drain();
    await recording.flush();
  }
  // Those of one chunk have left the counts for the file that cannot be made.
  const chunk = 65_536;
  t.equal(reader.dropped.impressions, banner - bound - chunk - 2 ** 19);
  t.equal(told.length, 1, "said once");
  t.match(told[0], /^failing: (EEXIST|ENOTDIR): .*/);
  await t.rejects(recording.commit([{ conversionId: "1", clickId: "1", revenue: "1" }]), /ENOTDIR|EEXIST/);
  renameSync(folder, `${folder}.file`);
  renameSync(`${folder}.away`, folder);
  await recording.flush();
  t.equal(told[1], "works");
  while (!recording.drain()) await recording.flush();
  t.ok(await recording.finish());
  const rows = recordedRows(folder, "impressions");
  t.equal(rows.length, bound + chunk + 2 ** 19);
  t.ok(
    rows.every((row, at) => Number(row[2]) === at + 1 && row[3] === "1"),
    "in order, each once",
  );
  t.equal(figures[0], rows.length);
  t.same(recordedFiles(folder, "conversions"), [], "what was refused is not written");
  t.equal(told.length, 2);
});

await t.test("a disk that fails is not taken for one that works because nothing is to be written", async (t) => {
  const folder = join(t.testdir({ rec: {} }), "rec");
  const { recording, told } = recorded(folder, "UTC", 4);
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, "not a folder");
  await t.rejects(recording.commit([{ conversionId: "1", clickId: "1", revenue: "1" }]));
  for (let flushes = 0; flushes < 3; flushes++) await recording.flush();
  t.match(told, [/^failing: /]);
  t.equal(told.length, 1);
  renameSync(folder, `${folder}.file`);
  renameSync(`${folder}.away`, folder);
  await recording.flush();
  t.equal(told[1], "works");
  t.same(readdirSync(folder), []);
});

await t.test("a click is in its file before a conversion that came after it", async (t) => {
  const folder = t.testdir();
  const { recording, writer } = recorded(folder, "UTC", 4);
  writer.click(1_000_000_000, 1, 2, Uint32Array.of(1, 2, 3, 4));
  await recording.commit([{ conversionId: "c", clickId: "00000001000000020000000300000004", revenue: "1.000000" }]);
  const open = readdirSync(folder).filter((name) => name.startsWith("open-"));
  t.same(
    open.map((name) => name.split("-")[1]),
    ["clicks", "conversions"],
  );
  await recording.finish();
});
