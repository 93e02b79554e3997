import t from "tap";
import { NONE } from "../../../src/index/catalog.js";
import { findId, fillSlots, holdsIds, slotCount } from "../../../src/index/id-table.js";
import { seededRandom } from "../seeded-random.js";
import { range, smallCatalog } from "../small-index.js";

const catalog = smallCatalog([
  { campaign: 1, period: 1, converting: [10] },
  { campaign: 1, period: 3, converting: [11] },
  { campaign: 10, period: 1, converting: [12] },
  { campaign: 4294967295, period: 4, pool: [13] },
]);

await t.test("a campaign has a cell in the periods in which it has banners, and in no other", (t) => {
  const known = (campaign: number): boolean[] =>
    [1, 2, 3, 4].map((period) => catalog.cellOf(campaign, period) !== NONE);
  t.same(known(1), [true, false, true, false]);
  t.same(known(10), [true, false, false, false]);
  t.same(known(4294967295), [false, false, false, true]);
  t.same(known(2), [false, false, false, false]);
  t.same(known(0), [false, false, false, false]);
  t.end();
});

await t.test("a banner is found by its id", (t) => {
  t.same(
    [10, 11, 12, 13].map((id) => catalog.bannerOf(id)),
    [0, 1, 2, 3],
  );
  t.equal(catalog.bannerOf(14), NONE);
  t.equal(catalog.bannerOf(0), NONE);
  t.end();
});

await t.test("a banner's image is its own bytes", (t) => {
  for (const id of [10, 11, 12, 13]) {
    const text = Buffer.from(catalog.imageOf(catalog.bannerOf(id))).toString();
    t.ok(text.startsWith("<svg") && text.endsWith("</svg>\n") && text.includes(`>Banner ${id}<`), `${id}`);
  }
  t.end();
});

await t.test("a table of sparse ids finds all of them and nothing else", (t) => {
  const random = seededRandom(1);
  const all = new Set(Array.from({ length: 20_000 }, () => Math.floor(random() * 2 ** 32)));
  const ids = Uint32Array.from(all).sort();
  const slots = new Uint32Array(slotCount(ids.length));
  fillSlots(ids, slots);
  t.ok(holdsIds(ids, slots));
  t.ok(ids.every((id, place) => findId(id, ids, slots) === place));
  const strangers = Array.from({ length: 20_000 }, () => Math.floor(random() * 2 ** 32)).filter((id) => !all.has(id));
  t.ok(strangers.length > 19_000 && strangers.every((id) => findId(id, ids, slots) === NONE));
  t.end();
});

await t.test("a table of no ids finds none", (t) => {
  t.equal(findId(1, new Uint32Array(0), new Uint32Array(slotCount(0))), NONE);
  t.end();
});

await t.test("a banner's texts are its own, whole, and none where there are none", (t) => {
  const texts = new Map([
    [10, { alt: "Sommer – 50 % 🌞", link: "https://example.com/?a=1&b=2" }],
    [12, { alt: "", link: "http://example.org/" }],
  ]);
  const catalog = smallCatalog([{ campaign: 1, period: 1, converting: [10, 11, 12] }], 4, new Map(), texts);
  t.same(
    [0, 1, 2].map((banner) => [catalog.altOf(banner), catalog.linkOf(banner)]),
    [
      ["Sommer – 50 % 🌞", "https://example.com/?a=1&b=2"],
      ["", ""],
      ["", "http://example.org/"],
    ],
  );
  t.end();
});

await t.test("a campaign's name is its own, whole, and none where there is none", (t) => {
  const cells = [1, 5, 4294967295].map((campaign) => ({ campaign, period: 1, pool: [1] }));
  const campaigns = new Map([
    [1, { name: "Größe & <b> 🌞", defaultBanner: 0 }],
    [4294967295, { name: "The last", defaultBanner: 0 }],
    [7, { name: "In no cell", defaultBanner: 0 }],
  ]);
  const catalog = smallCatalog(cells, 4, new Map(), new Map(), { campaigns });
  t.same(
    [0, 1, 2, 5, 7, 4294967295].map((id) => catalog.nameOf(id)),
    ["", "Größe & <b> 🌞", "", "", "", "The last"],
  );
  t.end();
});

await t.test("X is the number of banners that converted, however many there are", (t) => {
  for (const [converting, others] of [
    [0, 1],
    [1, 0],
    [7, 0],
    [7, 9],
    [100, 1],
  ] as const) {
    const cell = { campaign: 1, period: 1, converting: range(1, converting), pool: range(1001, 1000 + others) };
    const catalog = smallCatalog([{ campaign: 2, period: 1, converting: [5] }, cell]);
    t.equal(catalog.xOf(catalog.cellOf(1, 1)), converting);
  }
  t.end();
});
