import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { SetClock } from "../set-clock.js";
import { inEveryPeriod, range } from "../small-index.js";
import { recordedFiles, type Kind } from "./recorded-rows.js";
import { recordingFolders, RecordingServer } from "./recording-server.js";
import { RecordedVisitors, type Clicked, type Shown } from "./recorded-visitors.js";
import { hasAll } from "./seen-and-recorded.js";

/** In Kathmandu, 5:45 before UTC, half hours begin at a quarter past and at a quarter to. */
const PERIODS = 2;
const CELLS = inEveryPeriod({ campaign: 1, converting: range(100, 104) }, PERIODS);

t.setTimeout(300_000);

/** What is in each closed file: the times of its rows, each once. */
function timesIn(folder: string, kind: Kind): string[][] {
  return recordedFiles(folder, kind).map(({ rows }) => [...new Set(rows.map(([time]) => time!.slice(0, 19)))]);
}

await t.test("in Kathmandu files end with the half hours there, and where the clock is put back", async (t) => {
  const folder = t.testdir();
  const folders = recordingFolders(folder, CELLS, PERIODS);
  const clock = new SetClock(join(folder, "clock"), "2026-11-30T10:14:30.500Z");
  const environment = { ...clock.environment, TIME_ZONE: "Asia/Kathmandu" };
  const shown: Shown[] = [];
  const clicked: Clicked[] = [];
  let server = await new RecordingServer(t, folders, environment).opened();
  let seen = { impressions: 0, clicks: 0, conversions: 0 };
  let sales = 0;

  /** @returns how many files are closed when all of it is written */
  const visitAt = async (time: string, period: number): Promise<number> => {
    clock.set(time);
    const visitors = new RecordedVisitors({
      ports: [server.port],
      visitors: 3,
      campaigns: [1],
      seed: clock.moment / 1000,
      clicks: () => 0.5,
      now: () => clock.moment,
    });
    await visitors.more(60);
    await visitors.stop();
    t.same(visitors.failures, []);
    t.ok(visitors.shown.every((each) => each.period === period));
    shown.push(...visitors.shown);
    clicked.push(...visitors.clicked);
    const [first] = visitors.clicked;
    t.equal(await server.convert([{ conversion_id: `${sales++}`, click_id: first!.id, revenue: "1" }]), 202);
    seen = {
      impressions: seen.impressions + visitors.shown.length,
      clicks: seen.clicks + visitors.clicked.length,
      conversions: seen.conversions + 1,
    };
    const { recorded, closed_files: closed } = await server.until(
      ({ recorded: { impressions, clicks } }) => impressions >= seen.impressions && clicks >= seen.clicks,
    );
    t.same(recorded, seen);
    return closed;
  };
  const click = async ({ campaign, banner, id }: Clicked): Promise<void> => {
    const address = `http://127.0.0.1:${server.port}/campaigns/${campaign}/click/${banner}?d=${id}`;
    t.equal((await fetch(address, { redirect: "manual" })).status, 302);
  };

  t.equal(await visitAt("2026-11-30T10:14:30.500Z", 2), 0);
  t.equal(await visitAt("2026-11-30T10:14:59.999Z", 2), 0);
  t.equal(await visitAt("2026-11-30T10:15:00Z", 1), 3);
  t.equal(await visitAt("2026-11-30T10:30:00Z", 1), 3, "as in no other zone");
  t.equal(await visitAt("2026-11-30T10:44:59Z", 1), 3);
  t.equal(await visitAt("2026-11-30T10:45:00Z", 2), 6);
  const ahead = clicked.at(-1)!;
  t.equal(await visitAt("2026-11-30T10:20:00Z", 1), 9, "put back");
  // A decision that is yet to come: our clocks differ by less.
  await click(ahead);
  t.match((await server.recording()).uncounted_clicks, { foreign: 1, expired: 0 });
  clock.set("2026-12-01T10:45:01Z");
  await click(ahead);
  t.match((await server.recording()).uncounted_clicks, { foreign: 1, expired: 1 });
  t.equal(await server.stop(), 0);

  // Names have the time of the start: that of the first comes again.
  clock.set("2026-11-30T10:14:30.500Z");
  seen = { impressions: 0, clicks: 0, conversions: 0 };
  server = await new RecordingServer(t, folders, environment).opened();
  t.equal(await visitAt("2026-11-30T10:14:30Z", 2), 0);
  t.equal(await server.stop(), 0);

  const times = [
    ["2026-11-30T10:14:30", "2026-11-30T10:14:59"],
    ["2026-11-30T10:15:00", "2026-11-30T10:30:00", "2026-11-30T10:44:59"],
    ["2026-11-30T10:45:00"],
    ["2026-11-30T10:20:00"],
  ];
  for (const kind of ["impressions", "clicks", "conversions"] as const)
    t.same(timesIn(folders.record, kind), [...times, ["2026-11-30T10:14:30"]], kind);
  hasAll(t, [folders.record], { shown, clicked });
  const others = readdirSync(folders.record).filter((name) => !/^(impressions|clicks|conversions)-/.test(name));
  t.same(others, ["server"]);
});
