import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { publishedCatalog } from "../../build/built-index.js";
import { billboard } from "../billboard.js";
import { seededRandom } from "../seeded-random.js";
import { SetClock } from "../set-clock.js";
import { range } from "../small-index.js";
import { RecordingServer } from "./recording-server.js";
import { RecordedVisitors } from "./recorded-visitors.js";

const SEED = 19;
const ROUNDS = 10;
const VISITS = 1500;
/** They have earned before the first round, so that the rule alone shows no other. */
const FORMER = range(1, 10);
/** Of all, visitors prefer these ten, which have no event yet. */
const PREFERRED = new Set(range(21, 30));
const ALL = range(1, 30);
const PERIOD = 1;

/** Of ten. With six seeds, and a server that draws as it likes, all ten were there by the seventh round. */
const MIN_PREFERRED = 7;

t.setTimeout(300_000);

const eagerness = (banner: number): number => (PREFERRED.has(banner) ? 0.6 : 0.05);

const csv = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** As another server has recorded it. */
function writeFormer(folder: string): void {
  const name = "0123456789abcdef-20261130T080000Z-000001.csv";
  const row = (...fields: readonly (string | number)[]): string => `2026-11-30T08:00:00Z,${fields.join(",")}`;
  const files = {
    impressions: [
      "timestamp,campaign_id,banner_id,count,file",
      ...FORMER.map((banner) => row(1, banner, 1, banner === 1 ? `impressions-${name}` : "")),
    ],
    clicks: ["timestamp,click_id,campaign_id,banner_id", ...FORMER.map((banner) => row(`click ${banner}`, 1, banner))],
    conversions: [
      "timestamp,conversion_id,click_id,revenue",
      ...FORMER.map((banner) => row(`order ${banner}`, `click ${banner}`, 1)),
    ],
  };
  for (const [kind, lines] of Object.entries(files)) writeFileSync(join(folder, `${kind}-${name}`), csv(lines));
}

/** How many of the preferred the rule shows. */
function preferredIn(out: string): number {
  const [cell] = inspect(publishedCatalog(out), { period: PERIOD, campaign: 1 }).cells;
  return cell!.collection.filter(({ banner }) => PREFERRED.has(banner)).length;
}

/** They look, click and buy. @returns which share of the banners they saw they prefer */
async function visit(t: Test, server: RecordingServer, round: number): Promise<number> {
  const seed = SEED * 100 + round;
  const { recorded: before } = await server.recording();
  const visitors = new RecordedVisitors({ ports: [server.port], visitors: 4, campaigns: [1], seed, clicks: eagerness });
  await visitors.more(VISITS);
  await visitors.stop();
  t.same(visitors.failures, []);
  const { shown, clicked } = visitors;
  const random = seededRandom(seed);
  const bought = clicked.filter(({ banner }) => random() < eagerness(banner));
  const rows = bought.map(({ id }) => ({ conversion_id: `order of ${id}`, click_id: id, revenue: "1" }));
  // What waits to be written would be of the next period's files.
  await server.until(
    ({ recorded: { impressions, clicks } }) =>
      impressions >= before.impressions + shown.length && clicks >= before.clicks + clicked.length,
  );
  t.equal(await server.convert(rows), 202);
  return shown.filter(({ banner }) => PREFERRED.has(banner)).length / shown.length;
}

await t.test("what visitors prefer is what the index shows, after ten rounds of the cycle", async (t) => {
  const folder = t.testdir({ key: `${"5a".repeat(32)}\n`, former: {}, rec: {}, data: {} });
  const at = (name: string): string => join(folder, name);
  chmodSync(at("key"), 0o600);
  writeFormer(at("former"));
  mkdirSync(at("data/banners"));
  writeFileSync(at("data/placements.csv"), csv(["campaign_id,banner_id", ...ALL.map((banner) => `1,${banner}`)]));
  const links = ALL.map((banner) => `${banner},Banner ${banner},https://shop.example/${banner}`);
  writeFileSync(at("data/banners/banners.csv"), csv(["banner_id,alt,link", ...links]));
  const cycle = (): string => {
    const records = ["--record", at("former"), "--record", at("rec")];
    const words = ["--data", at("data"), "--out", at("out"), "--time-zone", "UTC", "--explore", "0.1"];
    const { status, stdout, stderr } = billboard(["cycle", ...records, ...words], { PID_FILE: at("pid") });
    t.equal(status, 0, stdout + stderr);
    return stdout;
  };
  cycle();
  t.equal(preferredIn(at("out")), 0);

  const clock = new SetClock(at("clock"), "2026-11-30T10:05:00Z");
  const start = clock.moment;
  const folders = { index: at("out/index.bin"), key: at("key"), record: at("rec") };
  const server = await new RecordingServer(t, folders, { ...clock.environment, PID_FILE: at("pid") }).opened();
  const preferred: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    clock.set(new Date(start + round * 3_600_000).toISOString());
    shares.push(await visit(t, server, round));
    // The files of a period are closed when it ends.
    clock.set(new Date(start + round * 3_600_000 + 900_000).toISOString());
    await server.until(({ closed_files: closed }) => closed >= 3 * (round + 1));
    const said = cycle();
    console.log(said);
    t.match(said, /^reload: .*generation/m);
    preferred.push(preferredIn(at("out")));
  }
  t.equal(await server.stop(), 0);
  t.comment(`of ten shown by the rule are preferred: ${preferred.join(", ")}`);
  t.comment(`of what visitors saw they prefer: ${shares.map((share) => share.toFixed(2)).join(", ")}`);
  t.ok(shares[0]! < 0.2, "at first, only by exploration");
  t.ok(preferred.at(-1)! >= MIN_PREFERRED, `${preferred.at(-1)} of ten`);
  t.ok(shares.at(-1)! > 0.5);
});
