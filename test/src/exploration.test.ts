/** The way of a new banner, from placements.csv to visitors, through the programs as they are shipped. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Figures } from "../../tools/load-test/figures.js";
import { buildIndex } from "../build/commands.js";
import { dataFolder } from "../build/data-folder.js";
import { BILLBOARD } from "./billboard.js";
import { metricsOf } from "./admin/metric.js";
import { RunningServer } from "./running-server.js";
import { range } from "./small-index.js";

const NEW = 990;
/** Ten that convert, and one behind the cut. */
const EVENTS = dataFolder({
  impressions: range(1, 11).map((banner) => `${banner},7`),
  clicks: range(1, 11).map((banner) => `${banner},${banner},7`),
  conversions: range(1, 11).map((banner) => `${banner},${banner},${20 - banner}`),
});

interface BannerJson {
  readonly banner: number;
  readonly rule: string;
  readonly explored?: boolean;
  readonly last: string;
}

await t.test("a banner without an event is shown where the index explores, and told as explored", async (t) => {
  const folder = t.testdir({ data: { ...EVENTS, "placements.csv": `campaign_id,banner_id\n7,${NEW}\n8,${NEW}\n` } });
  const built = buildIndex(["--explore", "0.5"], {}, folder);
  t.equal(built.status, 0, built.stderr);
  const index = join(folder, "dist-index/index.bin");
  const server = new RunningServer({ INDEX_FILE: index, WORKERS: "1" });
  t.teardown(() => server.stop());
  const { port, adminPort } = await server.next("ready");
  const url = `http://127.0.0.1:${String(port)}`;
  const shown: BannerJson[] = [];
  for (let visit = 0; visit < 400; visit++) {
    const answer = await fetch(`${url}/campaigns/7/banner.json?last=${shown.at(-1)?.last ?? ""}`);
    shown.push((await answer.json()) as BannerJson);
  }
  const isBehind = ({ banner }: BannerJson): boolean => banner === 11 || banner === NEW;
  for (const banner of [11, NEW])
    t.ok(
      shown.some((each) => each.banner === banner),
      `${banner} has its chance`,
    );
  t.same(
    shown.filter((each) => isBehind(each) && each.explored !== true),
    [],
  );
  t.ok(
    shown.some((each) => !isBehind(each) && each.explored === true),
    "explored is any banner of the cell",
  );
  t.ok(shown.some((each) => each.explored === undefined));
  const explored = shown.filter((each) => each.explored === true).length;
  t.equal((await metricsOf(adminPort)).get("billboard_explored_total"), explored);
  t.same(
    shown.filter(({ banner }, at) => banner === shown[at - 1]?.banner),
    [],
    "none comes twice in a row",
  );
  const only = (await (await fetch(`${url}/campaigns/8/banner.json`)).json()) as BannerJson;
  t.match(only, { banner: NEW, rule: "by-clicks" }, "a campaign in no event has a cell");
  t.notOk("explored" in only);

  const figures = join(folder, "figures.json");
  const words = ["--url", url, "--index", index, "--requests", "2000", "--connections", "4", "--json", figures];
  spawnSync(process.execPath, [BILLBOARD, "load-test", ...words]);
  const { complete, failed, violations } = JSON.parse(readFileSync(figures, "utf8")) as Figures;
  t.strictSame([complete, failed.total, violations.total], [2000, 0, 0], "the load test takes each for right");
});
