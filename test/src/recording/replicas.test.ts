import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { publishedCatalog } from "../../build/built-index.js";
import { naiveIndex, type NaiveFile } from "../../naive/naive-index.js";
import { billboard } from "../billboard.js";
import { seededRandom } from "../seeded-random.js";
import { SetClock } from "../set-clock.js";
import { inEveryPeriod, range } from "../small-index.js";
import { linkRecordings } from "./linked-recordings.js";
import { recordingFolders, RecordingServer, type ConversionSent } from "./recording-server.js";
import { RecordedVisitors, type Clicked, type Shown } from "./recorded-visitors.js";

const PERIODS = 4;
/** In Kathmandu, 5:45 before UTC: each period, the first twice, and both sides of its border. */
const TIMES = [
  "2026-11-30T09:59:59.999Z",
  "2026-11-30T10:00:00Z",
  "2026-11-30T10:14:59Z",
  "2026-11-30T10:15:00Z",
  "2026-11-30T10:31:07Z",
  "2026-12-01T03:14:15Z",
  "2026-12-01T03:29:59.999Z",
];
const VIEWS_EACH = 300;

/** No cell has more than ten banners: the index tells of each. */
const CELLS = [
  ...inEveryPeriod({ campaign: 1, converting: range(100, 109) }),
  ...inEveryPeriod({ campaign: 2, converting: [103, 104], clicked: [105], pool: range(200, 206) }),
  ...inEveryPeriod({ campaign: 4294967295, clicked: [100, 4294967295] }),
];

t.setTimeout(300_000);

const periodOf = (moment: number): number => Math.floor((((Math.floor(moment / 60_000) % 60) + 45) % 60) / 15) + 1;

const line = (...fields: readonly (string | number)[]): string => `${fields.join(",")}\n`;

/** What was seen, as files of its periods. */
function filesOf(
  shown: readonly Shown[],
  clicked: readonly Clicked[],
  conversions: readonly ConversionSent[],
): readonly NaiveFile[] {
  return range(1, PERIODS).flatMap((period) => {
    const isIts = ({ moment }: Pick<Shown, "moment">): boolean => periodOf(moment) === period;
    const views = shown.filter(isIts).map(({ banner, campaign }) => line(banner, campaign));
    const clicks = clicked.filter(isIts).map(({ id, banner, campaign }) => line(id, banner, campaign));
    // A conversion is of its click's period.
    const sales = period === 1 ? conversions.map((row) => line(row.conversion_id, row.click_id, row.revenue)) : [];
    return [
      { path: `${period}/impressions.csv`, text: ["banner_id,campaign_id\n", ...views].join("") },
      { path: `${period}/clicks.csv`, text: ["click_id,banner_id,campaign_id\n", ...clicks].join("") },
      { path: `${period}/conversions.csv`, text: ["conversion_id,click_id,revenue\n", ...sales].join("") },
    ];
  });
}

await t.test("what three replicas recorded, put together, gives the index of what their visitors saw", async (t) => {
  const folder = t.testdir();
  const folders = recordingFolders(folder, CELLS);
  const records = range(1, 3).map((number) => join(folder, `rec ${number}`));
  const clock = new SetClock(join(folder, "clock"), TIMES[0]!);
  const environment = { ...clock.environment, TIME_ZONE: "Asia/Kathmandu" };
  const servers = await Promise.all(
    records.map((record) => new RecordingServer(t, { ...folders, record }, environment).opened()),
  );
  const random = seededRandom(3);
  const oneOf = <Each>(list: readonly Each[]): Each => list[Math.floor(random() * list.length)]!;

  const shown: Shown[] = [];
  const clicked: Clicked[] = [];
  const conversions: ConversionSent[] = [];
  const convert = async (row: ConversionSent): Promise<void> => {
    conversions.push(row);
    const status = await oneOf(servers).convert([row]);
    if (status !== 202) t.fail(`a conversion: ${status}`);
  };
  const click = async (link: string): Promise<number> => {
    const { port } = oneOf(servers);
    const { status } = await fetch(`http://127.0.0.1:${port}${link}`, { redirect: "manual" });
    if (status !== 302) t.fail(`${link}: ${status}`);
    return port;
  };
  /** Shown at one time and clicked at the next: it counts in the period in which it was shown. */
  let late: { readonly banner: number; readonly link: string; readonly moment: number } | undefined;
  /** Each server that has a click, by its id. */
  const places = new Map<string, Set<number>>();
  for (const [at, time] of TIMES.entries()) {
    clock.set(time);
    const visitors = new RecordedVisitors({
      ports: servers.map(({ port }) => port),
      visitors: 6,
      campaigns: [1, 2, 4294967295],
      seed: at,
      now: () => clock.moment,
    });
    await visitors.more(VIEWS_EACH);
    await visitors.stop();
    t.same(visitors.failures, []);
    shown.push(...visitors.shown);
    clicked.push(...visitors.clicked);
    if (late !== undefined) {
      const { banner, link, moment } = late;
      clicked.push({ visitor: 0, port: await click(link), id: link.slice(-32), campaign: 1, banner, moment });
    }
    const page = await fetch(`http://127.0.0.1:${oneOf(servers).port}/campaigns/1/banner.json`);
    const { banner, period, link } = (await page.json()) as Pick<Shown, "banner" | "period"> & {
      readonly link: string;
    };
    shown.push({ campaign: 1, banner, period, moment: clock.moment });
    late = { banner, link, moment: clock.moment };
    for (const { id, port } of clicked) if (!places.has(id)) places.set(id, new Set([port]));
    for (const { id } of visitors.clicked) {
      if (random() < 0.2) {
        const again = oneOf(clicked);
        const { campaign, banner } = again;
        places.get(again.id)!.add(await click(`/campaigns/${campaign}/click/${banner}?d=${again.id}`));
      }
      if (random() >= 0.3) continue;
      const row = { conversion_id: `order ${conversions.length}`, click_id: id, revenue: (random() * 9).toFixed(6) };
      await convert(row);
      if (random() < 0.1) await convert(row);
    }
    await convert({ conversion_id: `of ${time}`, click_id: "0".repeat(32), revenue: "1000" });
  }
  t.same(
    shown.filter(({ period, moment }) => period !== periodOf(moment)),
    [],
  );
  t.same(await Promise.all(servers.map((server) => server.stop())), [0, 0, 0]);
  for (const server of servers) t.same(server.recordingStates, ["begun"]);

  const [data, banners, out] = ["data", "banners", "out"].map((name) => join(folder, name));
  linkRecordings(data!, records);
  mkdirSync(banners!);
  const words = ["build", "--data", data!, "--banners", banners!, "--out", out!, "--time-zone", "Asia/Kathmandu"];
  const { status, stderr } = billboard(words);
  t.equal(status, 0, stderr);
  const expected = naiveIndex(filesOf(shown, clicked, conversions), PERIODS);
  t.equal(expected.cells.length, 3 * PERIODS);
  t.strictSame(inspect(publishedCatalog(out!)).cells, expected.cells);

  const rejected = { duplicate: 0, orphan: 0 };
  const rows = readFileSync(join(out!, "rejects.csv"), "utf8").trimEnd().split("\n").slice(1);
  for (const row of rows) rejected[row.split(",")[2] as keyof typeof rejected]++;
  // A server itself knows the clicks that it has already.
  const clicksTwice = [...places.values()].reduce((sum, { size }) => sum + size - 1, 0);
  const conversionsTwice = expected.rejects.filter(({ kind }) => kind === "duplicate").length;
  t.ok(clicksTwice > 10 && conversionsTwice > 3);
  t.same(rejected, { duplicate: clicksTwice + conversionsTwice, orphan: TIMES.length });
});
