import t from "tap";
import { Catalog } from "../../../src/index/catalog.js";
import { decode, type Index } from "../../../src/index/format.js";
import { CampaignTable } from "../../../src/view/campaign-table.js";
import { DEFAULT_QUERY, MAX_LIMIT, writeCampaignQuery } from "../../../src/view/campaign-query.js";
import { showCampaign } from "../../../src/view/campaign.js";
import { catalogSource } from "../../../src/view/catalog-source.js";
import { comparingIndexes } from "../../../src/view/change/compare.js";
import { atOnce } from "../../../src/view/change/slices.js";
import { overviewOf } from "../../../src/view/overview.js";
import { Rest } from "../../../src/view/rest.js";
import type { Campaign, FoundCampaigns, Overview } from "../../../src/view/rows.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";
import { startAdmin } from "./running-admin.js";

const indexOf = (campaigns: readonly number[]): Index =>
  decode(Uint8Array.from(smallIndex(campaigns.flatMap((campaign) => inEveryPeriod({ campaign, converting: [7, 8] })))));
const INDEX = indexOf(range(1, 700));
const CATALOG = new Catalog(INDEX);
const TWO = indexOf([2, 3]);
const pause = (): Promise<void> => Promise.resolve();
const PATHS = ["/overview.json", "/campaigns.json", "/campaigns/1.json"];

await t.test("sums, campaigns and one campaign, as JSON that nobody keeps", async (t) => {
  const { ask } = await startAdmin(t, { index: () => INDEX });
  for (const path of PATHS) {
    const { status, headers, body } = await ask("GET", path);
    t.equal(status, 200, path);
    t.match(headers, { "content-type": "application/json", "cache-control": "no-store" }, path);
    t.equal(headers["content-length"], String(Buffer.byteLength(body)), path);
    t.equal((await ask("HEAD", path)).headers["content-length"], headers["content-length"], path);
  }
  t.same(JSON.parse((await ask("GET", "/overview.json")).body) as Overview, await overviewOf(CATALOG, new Rest(pause)));
  const table = new CampaignTable(catalogSource(CATALOG), { pause });
  for (const query of [
    DEFAULT_QUERY,
    { ...DEFAULT_QUERY, limit: MAX_LIMIT },
    {
      ...DEFAULT_QUERY,
      search: "69",
      period: 2,
      sort: "campaign",
      direction: "descending",
      offset: 3,
      limit: 5,
    } as const,
    { ...DEFAULT_QUERY, changed: true },
  ]) {
    const path = `/campaigns.json?${writeCampaignQuery(query).toString()}`;
    t.same(JSON.parse((await ask("GET", path)).body) as FoundCampaigns, await table.find(query), path);
  }
  const campaign = JSON.parse((await ask("GET", "/campaigns/69.json")).body) as Campaign;
  const images = Object.fromEntries(Object.entries(campaign.banners).map(([id, { image }]) => [id, image!]));
  t.same(
    campaign,
    showCampaign(CATALOG, 69, (banner) => images[INDEX.bannerIds[banner]!]),
  );
  for (const image of Object.values(images)) {
    t.match(await ask("GET", image), { status: 200, headers: { "cache-control": /immutable/ } }, image);
    const other = image.replace(/v=.*/, `v=${"0".repeat(32)}`);
    t.match(await ask("GET", other), { status: 200, headers: { "cache-control": /no-cache/ } }, other);
  }
});

await t.test("what cannot be asked for is refused, and what is not there is not found", async (t) => {
  const { ask } = await startAdmin(t, { index: () => INDEX });
  for (const [query, line] of [
    ["period=5", 'period: got "5", expected a whole number from 0 to 4.\n'],
    ["sort=best&limit=3", /^sort: got "best", expected one of campaign, name, .*\.\n$/],
  ] as const)
    t.match(await ask("GET", `/campaigns.json?${query}`), {
      status: 400,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: line,
    });
  for (const name of [
    "701.json",
    "0.json",
    "01.json",
    "4294967297.json",
    "1",
    "1.JSON",
    "%31.json",
    ".json",
    "1/1.json",
    "",
  ])
    t.match(await ask("GET", `/campaigns/${name}`), { status: 404, body: "Not found.\n" }, name);
});

await t.test("campaigns and their periods say what changed since the index before", async (t) => {
  const change = atOnce(comparingIndexes(new Catalog(indexOf([1, 2])), new Catalog(TWO)));
  const { ask } = await startAdmin(t, { index: () => TWO, change });
  const found = JSON.parse((await ask("GET", "/campaigns.json?changed=on")).body) as FoundCampaigns;
  t.match(found, { found: 1, rows: [{ campaign: 3, changed: true }] });
  const { cells } = JSON.parse((await ask("GET", "/campaigns/3.json")).body) as Campaign;
  t.same(cells[0]!.change, { in: [7, 8], out: [], rule_before: null, revenue_before: "0.000000" });
  t.equal((JSON.parse((await ask("GET", "/campaigns/2.json")).body) as Campaign).cells[0]!.change, undefined);
});

await t.test("before the first index there is none to show", async (t) => {
  const { ask } = await startAdmin(t, { index: () => undefined });
  for (const path of [...PATHS, "/visit.json?campaign=1&period=1"])
    t.match(await ask("GET", path), { status: 503, body: "There is no index yet.\n" }, path);
});

await t.test("another index is shown as soon as it is there", async (t) => {
  let index = INDEX;
  const { ask } = await startAdmin(t, { index: () => index });
  t.match(JSON.parse((await ask("GET", "/overview.json")).body), { campaigns: 700 });
  index = indexOf([9]);
  const { generation } = index;
  t.match(JSON.parse((await ask("GET", "/overview.json")).body), { generation, campaigns: 1 });
  t.match(JSON.parse((await ask("GET", "/campaigns.json")).body), { generation, rows: [{ campaign: 9 }] });
  t.equal((await ask("GET", "/campaigns/1.json")).status, 404);
});

await t.test("what is worked out while another index is put in its place is worked out anew", async (t) => {
  let time = 0;
  // Each look at the clock ends a slice.
  t.intercept(performance, "now", { value: () => (time += 1000) });
  for (const path of ["/overview.json", "/campaigns.json?search=banner"]) {
    let looks = 0;
    const { ask, errors } = await startAdmin(t, { index: () => (++looks === 1 ? INDEX : TWO) });
    t.match(JSON.parse((await ask("GET", path)).body), { generation: TWO.generation }, path);
    t.same(errors, []);
  }
});

await t.test("what is let go for a reload while it is worked out is worked out anew behind it", async (t) => {
  let time = 0;
  t.intercept(performance, "now", { value: () => (time += 1000) });
  let [looks, compared] = [0, 0];
  const { ask, admin, errors } = await startAdmin(t, {
    index: () => {
      if (++looks === 3) admin.letGo();
      return INDEX;
    },
    compare: () => {
      compared++;
      return Promise.resolve();
    },
  });
  t.match(JSON.parse((await ask("GET", "/campaigns.json?search=69")).body), { found: 11 });
  t.equal(compared, 2);
  t.same(errors, []);
});

await t.test("figures are for those who have the token", async (t) => {
  const { ask } = await startAdmin(t, { index: () => INDEX }, { token: "a-token-of-32-characters-or-more" });
  for (const path of PATHS) {
    t.equal((await ask("GET", path)).status, 401, path);
    const authorized = { Authorization: "Bearer a-token-of-32-characters-or-more" };
    t.equal((await ask("GET", path, authorized)).status, 200, path);
    t.equal((await ask("GET", path, { ...authorized, Origin: "http://evil.example" })).status, 403, path);
    t.match(await ask("POST", path, authorized), { status: 405, headers: { allow: "GET, HEAD" } }, path);
  }
});
