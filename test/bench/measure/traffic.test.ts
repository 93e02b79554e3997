import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { decode } from "../../../src/index/format.js";
import { campaignVisits, firstVisit, writeVisits, type Visit } from "../../../bench/measure/traffic.js";
import { range, smallIndex } from "../../src/small-index.js";

/** The banners of each campaign, those of the second only in the first period of the hour. */
const BANNERS: Readonly<Record<string, readonly number[]>> = {
  "/campaigns/7/": range(100, 109),
  "/campaigns/4000000000/": [3, 4],
  "/campaigns/9/": range(50, 55),
};
const INDEX = decode(
  smallIndex([
    ...[1, 2, 3, 4].map((period) => ({ period, campaign: 7, converting: BANNERS["/campaigns/7/"]! })),
    { period: 1, campaign: 4_000_000_000, converting: BANNERS["/campaigns/4000000000/"]! },
    ...[1, 2, 3, 4].map((period) => ({ period, campaign: 9, clicked: BANNERS["/campaigns/9/"]! })),
  ]),
);
// Zones differ by quarters of an hour, which are periods: the first campaign and the last have the same cell in all.
const NOW = Date.UTC(2026, 10, 23, 12);

function visits(cookies: number, count = 2000): Visit[] {
  return [...campaignVisits(INDEX, { count, cookies, now: NOW })];
}

function lastBannerOf(cookie: string): number {
  const found = cookie.split("; ").filter((pair) => pair.startsWith("last_banner="));
  if (found.length !== 1) throw new Error(`${found.length} cookies of ours in ${cookie}`);
  return Number(found[0]!.slice("last_banner=".length));
}

await t.test("each visit has the cookie that the server set at the one before to this campaign", (t) => {
  const seen = new Map<string, number[]>();
  for (const { path, cookie } of visits(1)) {
    const banner = lastBannerOf(cookie);
    if (!BANNERS[path]!.includes(banner)) t.fail(`${path} does not show ${banner}`);
    seen.set(path, [...(seen.get(path) ?? []), banner]);
  }
  t.ok(seen.size >= 2);
  for (const [path, banners] of seen) {
    t.ok(banners.length > 400, `${path} is as likely as the others`);
    t.ok(
      banners.every((banner, at) => at === 0 || banner !== banners[at - 1]),
      `${path} never shows the same banner twice in a row`,
    );
    // Six banners with clicks and none that earns: five of them are shown.
    t.equal(new Set(banners).size, Math.min(BANNERS[path]!.length, path === "/campaigns/9/" ? 5 : 10));
  }
  t.end();
});

await t.test("the same visits at every run", (t) => {
  t.same(visits(10, 50), visits(10, 50));
  t.end();
});

await t.test("there can be no cookie, or ours among others, at any place", (t) => {
  t.ok(visits(0, 100).every(({ cookie }) => cookie === ""));
  for (const count of [10, 50]) {
    const made = visits(count, 500);
    const places = new Set<number>();
    for (const { path, cookie } of made) {
      const pairs = cookie.split("; ");
      places.add(pairs.findIndex((pair) => pair.startsWith("last_banner=")));
      if (new Set(pairs.map((pair) => pair.split("=")[0])).size !== count) t.fail(`not ${count} names in ${cookie}`);
      if (!BANNERS[path]!.includes(lastBannerOf(cookie))) t.fail(`not of ${path}: ${cookie}`);
      if (cookie.length > 4096) t.fail(`${cookie.length} bytes, more than browsers send usually`);
    }
    t.equal(places.size, count);
  }
  t.end();
});

await t.test("a file has a line for each visit", async (t) => {
  const file = join(t.testdir({ empty: "" }), "visits");
  const made = visits(1, 5000);
  await writeVisits(made, file);
  t.equal(readFileSync(file, "utf8"), made.map(({ path, cookie }) => `${path}\t${cookie}\n`).join(""));
  t.same(await firstVisit(file), made[0]);
  await t.rejects(firstVisit(join(t.testdirName, "empty")), /there is no visit in it$/);
});
