import { createHash } from "node:crypto";
import t from "tap";
import { imageOf } from "../../../../build/images/folder.js";
import { collectGarbage } from "../../../../src/server/collect-garbage.js";
import { decode, type Index } from "../../../../src/index/format.js";
import type { Visits } from "../../../../src/admin/dashboard/visit.js";
import { IMAGE_BYTES } from "../../../build/images/image-bytes.js";
import { newCounters, requestSeries } from "../../../../src/response/counters.js";
import { startAdmin } from "../running-admin.js";
import { MOMENT } from "../server-state.js";
import { inEveryPeriod, range, smallIndex } from "../../small-index.js";

const IMAGES = new Map([
  [101, imageOf(Buffer.from(IMAGE_BYTES.svg), "svg", "svg")],
  [102, imageOf(Buffer.from(IMAGE_BYTES.png), "png", "jpg")],
]);
const EVIL = `"><script>alert(1)</script>`;
const TEXTS = new Map([[101, { alt: EVIL, link: "https://shop.example/a?b=1&c=2" }]]);
const INDEX = decode(
  Uint8Array.from(
    smallIndex(
      [
        ...inEveryPeriod({ campaign: 7, converting: range(101, 112) }),
        ...inEveryPeriod({ campaign: 70, clicked: [120], pool: range(130, 140) }),
        { period: 4, campaign: 8, converting: [150] },
        { period: 4, campaign: 80, converting: [150, 151] },
      ],
      4,
      IMAGES,
      TEXTS,
    ),
  ),
);

const administered = { index: () => INDEX };

await t.test(
  "the page is whole without a script: what is going on, the campaigns, and the one with the most revenue",
  async (t) => {
    const { ask } = await startAdmin(t, administered);
    const { status, headers, body } = await ask("GET", "/");
    t.equal(status, 200);
    t.match(headers, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    });
    for (const part of [
      /<title>Campaign 7 · Billboard<\/title>/,
      /Period 2\s*<small>of 4<\/small>/,
      /Period 3 begins at 15:30, in\s*<span class="time">9 min 30 s<\/span>/,
      "15:20:30",
      INDEX.generation,
      "Loaded at 15:19:00",
      "312.000000 revenue from 48 conversions, 48 clicks and",
      "The first of 2 below it is not in, with 1.000000 less revenue",
      "4 campaigns",
    ])
      t.match(body, part);
    t.notMatch(body, /style=|<script>|<style|javascript:|\son[a-z]+=/, "nothing that its policy forbids");
  },
);

await t.test("an address opens a campaign and a period; what it cannot be is as if absent", async (t) => {
  const { ask } = await startAdmin(t, administered);
  const titleOf = async (query: string): Promise<string> => {
    const { body } = await ask("GET", `/${query}`);
    const campaign = /id="campaign-title" tabindex="-1">(.*?)</.exec(body)?.[1];
    const period = /<h3>\s*Period (\d)/.exec(body)?.[1];
    return `${campaign ?? ""}, ${period ?? ""}`;
  };
  t.equal(await titleOf("?campaign=70&period=3"), "Campaign 70, 3");
  t.equal(await titleOf("?campaign=70"), "Campaign 70, 2", "the period that is on");
  t.equal(await titleOf("?campaign=8"), "Campaign 8, 4", "the first in which it has a cell");
  t.equal(await titleOf("?campaign=8&period=1"), "Campaign 8, 1", "where it has none, if that is asked for");
  t.equal(await titleOf("?campaign=70&period=5"), "Campaign 70, 2");
  t.equal(await titleOf("?campaign=07&period=x"), "Campaign 7, 2");
  t.equal(await titleOf("?search=70"), "Campaign 70, 2", "the one that a search has found");
  t.equal(
    await titleOf("?search=8"),
    "Campaign 8, 4",
    "the very one before others that begin so and have more revenue",
  );
  t.equal(await titleOf("?campaign=9"), "Campaign 9, ");
  t.equal(await titleOf("?search=9"), "No campaign, ");
  t.match((await ask("GET", "/?campaign=9")).body, "Campaign 9 is not in this index");
  t.match((await ask("GET", "/?campaign=8&period=1")).body, "a request for the campaign gets 404 in these minutes");
});

await t.test("the table narrows and is put in order by the address, which links keep", async (t) => {
  const { ask } = await startAdmin(t, administered);
  const rowsOf = async (query: string): Promise<string[]> =>
    [...(await ask("GET", `/${query}`)).body.matchAll(/href="(\/\?[^"]*)#campaign"[^>]*>(\d+)<\/a\s*>/g)].map(
      ([, address, campaign]) => `${campaign!} ${address!}`,
    );
  t.same(await rowsOf(""), ["7 /?campaign=7", "80 /?campaign=80", "8 /?campaign=8", "70 /?campaign=70"]);
  t.same(await rowsOf("?search=7&order=id&period=3"), [
    "7 /?search=7&#38;order=id&#38;campaign=7",
    "70 /?search=7&#38;order=id&#38;campaign=70",
  ]);
});

await t.test("whatever is in the address or the index is shown as text", async (t) => {
  const { ask } = await startAdmin(t, administered);
  const { body } = await ask("GET", `/?campaign=7&search=${encodeURIComponent(EVIL)}`);
  t.notMatch(body, "<script>");
  t.match(body, `alt="&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;"`);
  t.match(body, `value="&#34;&#62;&#60;script&#62;ale`);
  t.match(body, `href="https://shop.example/a?b=1&#38;c=2" rel="noopener noreferrer"`);
});

await t.test("images are those of the public port, with its headers", async (t) => {
  const { ask } = await startAdmin(t, administered);
  const { body } = await ask("GET", "/?campaign=7");
  const [, svg = "", versioned = ""] = /src="((\/banners\/image_101\.svg)\?v=[0-9a-f]{32})"/.exec(body) ?? [];
  const answer = await ask("GET", svg);
  t.equal(answer.status, 200);
  t.equal(answer.body, Buffer.from(IMAGE_BYTES.svg).toString());
  t.match(answer.headers, {
    "content-type": "image/svg+xml",
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
  });
  t.match(await ask("GET", versioned), { status: 200, headers: { "cache-control": "public, max-age=3600" } });
  t.match(await ask("GET", svg, { "If-None-Match": answer.headers.etag! }), { status: 304, body: "" });
  t.match(await ask("GET", svg, { "If-None-Match": '"other"' }), { status: 200 });
  t.match(await ask("GET", "/banners/image_102.jpg"), { status: 200, headers: { "content-type": "image/png" } });
  for (const name of ["image_101.png", "image_999.svg", "image_0101.svg", "", "x", "image_101.svg/", "../", "%2e"])
    t.equal((await ask("GET", `/banners/${name}`)).status, 404, name);
});

await t.test("the page's own files are kept until they change", async (t) => {
  const { ask } = await startAdmin(t, administered);
  const { body } = await ask("GET", "/");
  const asked = [...body.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  t.same(asked, ["/assets/icon.svg", "/assets/dashboard.css", "/assets/dashboard.js"]);
  for (const path of asked) {
    const { status, headers, body: content } = await ask("GET", path);
    t.equal(status, 200, path);
    t.equal(headers.etag, `"${createHash("sha256").update(content).digest("hex").slice(0, 32)}"`);
    t.equal(headers["cache-control"], "no-cache");
    t.match(await ask("GET", path, { "If-None-Match": headers.etag! }), { status: 304, body: "" });
  }
  for (const name of ["", "embed.js", "constructor", "../dashboard.js", "dashboard.ts", "dashboard.js/"])
    t.equal((await ask("GET", `/assets/${name}`)).status, 404, name);
});

await t.test("what is going on, for programs and for the page", async (t) => {
  const counters = newCounters();
  counters[requestSeries("campaign", 200)]! += 20;
  const { admin, ask } = await startAdmin(t, { ...administered, counters: [counters] });
  admin.noteReload({ result: "refused", generation: "a", previous: "a", reason: "<altered>" });
  const { headers, body } = await ask("GET", "/status.json");
  t.equal(headers["content-type"], "application/json");
  t.match(JSON.parse(body), {
    now: new Date(MOMENT).toISOString(),
    index: { generation: INDEX.generation, period: 2 },
    requests: [{ route: "campaign", code: 200, count: 20 }],
    reloads: [{ at: new Date(MOMENT).toISOString(), result: "refused", reason: "<altered>" }],
  });
  const cards = await ask("GET", "/status.html?campaign=7&period=2");
  t.match(cards.body, /^<section id="status"/);
  t.match(cards.body, /Refused<\/span>\s*<span class="time">15:20:30<\/span>\s*<span class="why">&#60;altered&#62;/);
  t.match(cards.body, `action="/reload?campaign=7&#38;period=2"`);
  t.match(cards.body, /<summary>20 in 0 s<\/summary>/);
});

await t.test("a visitor's banners, by the rotation that the server has", async (t) => {
  const { ask } = await startAdmin(t, administered, { rotation: "sequence" });
  const { status, headers, body } = await ask("GET", "/visit.json?campaign=7&period=2&visits=10");
  t.equal(status, 200);
  t.match(headers, { "content-type": "application/json", "cache-control": "no-store" });
  t.same([...(JSON.parse(body) as Visits).banners].sort(), range(101, 110), "each once");
  t.match(await ask("GET", "/visit.json?campaign=8&period=1"), {
    status: 404,
    body: "Campaign 8 has no cell in period 1.\n",
  });
  t.match(await ask("GET", "/visit.json?campaign=7&period=9"), { status: 400, body: /^period: got "9", expected / });
});

await t.test("another index is shown as soon as it is there", async (t) => {
  let index = INDEX;
  const { ask } = await startAdmin(t, { index: () => index });
  t.match((await ask("GET", "/")).body, "Campaign 7 ");
  index = decode(Uint8Array.from(smallIndex(inEveryPeriod({ campaign: 9, converting: [1] }))));
  t.match((await ask("GET", "/")).body, "Campaign 9 ");
  t.equal((await ask("GET", "/banners/image_101.svg")).status, 404);
});

await t.test("an index that is served no more is not held in memory", async (t) => {
  const indexOf = (campaign: number): Index =>
    decode(Uint8Array.from(smallIndex(inEveryPeriod({ campaign, converting: [1] }))));
  const served = [indexOf(1)];
  const first = new WeakRef(served[0]!);
  const { ask } = await startAdmin(t, { index: () => served[0] });
  t.match((await ask("GET", "/")).body, "Campaign 1 ");
  served[0] = indexOf(2);
  // In a turn of its own, since this one may still refer to it.
  await new Promise(setImmediate);
  collectGarbage();
  t.equal(first.deref(), undefined);
});

/** Campaign 7 has a name and, in all periods but the first, its default banner; the data were cut in another zone. */
const NAMED = decode(
  Uint8Array.from(
    smallIndex([{ campaign: 7, period: 1, converting: [1] }], 4, new Map(), new Map(), {
      campaigns: new Map([[7, { name: `${EVIL}\u202e`, defaultBanner: 2 }]]),
      timeZone: "Asia/Kathmandu",
    }),
  ),
);

await t.test("a campaign's name is in the list, the card and the title, as text that is printable", async (t) => {
  const { ask } = await startAdmin(t, { index: () => NAMED });
  const { body } = await ask("GET", "/?campaign=7");
  t.notMatch(body, /<script>|\u202e/);
  const name = "&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;\\u202e";
  t.equal(body.split(`<bdi class="campaign-name" title="${name}">${name}</bdi>`).length - 1, 2);
  t.match(body, `<title>Campaign 7, ${name} · Billboard</title>`);
  t.match((await ask("GET", "/?search=SCRIPT")).body, "1 campaign<");
});

await t.test("a cell of a default banner says so", async (t) => {
  const { ask } = await startAdmin(t, { index: () => NAMED });
  const { body } = await ask("GET", "/?campaign=7&period=2");
  t.match(body, "<strong>default</strong> The campaign has nothing else to show in this period");
  t.match(body, "No cut: the default banner is alone in this cell.");
  t.match(body, `class="by">by default<`);
  t.match(body, `id="decisions-default"`);
});

await t.test("data that were cut in another zone than the server's are an alarm", async (t) => {
  const { ask } = await startAdmin(t, { index: () => NAMED });
  t.match(
    (await ask("GET", "/status.html")).body,
    `<p class="why">The index was cut into periods in Asia/Kathmandu, and this server&#39;s TIME_ZONE is Europe/Berlin: ` +
      `set TIME_ZONE to Asia/Kathmandu, or build with --time-zone Europe/Berlin.</p>`,
  );
  const ordinary = await startAdmin(t, administered);
  t.notMatch((await ordinary.ask("GET", "/status.html")).body, "cut into periods");
});
