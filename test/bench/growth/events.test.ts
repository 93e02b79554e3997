import t from "tap";
import { compile } from "../../../build/compile.js";
import { Catalog } from "../../../src/index/catalog.js";
import { bytesOf } from "../../src/small-index.js";
import { decode } from "../../../src/index/format.js";
import { RULES } from "../../../src/index/sections.js";
import { inspect } from "../../../src/index/inspect.js";
import { countsOfCampaigns, sparseIds } from "../../../bench/growth/events.js";
import { seededRandom } from "../../../tools/make-sample/random.js";

const SIZE = [300, 2] as const;

await t.test("every campaign has ten banners in every period, and every rule of events occurs", (t) => {
  const catalog = new Catalog(decode(compile(countsOfCampaigns(...SIZE), new Map()).parts));
  t.match(catalog.index.counts, { periods: 2, campaigns: 300, entries: 6000 });
  const { cells } = inspect(catalog);
  t.equal(cells.length, 600);
  t.same(new Set(cells.map(({ rule }) => rule)), new Set(RULES.filter((rule) => rule !== "default")));
  t.ok(cells.some((cell) => cell.random_places > 0));
  t.end();
});

await t.test("the same size has the same events", (t) => {
  const make = (): Uint8Array => bytesOf(compile(countsOfCampaigns(...SIZE), new Map()));
  t.ok(Buffer.from(make()).equals(make()));
  t.end();
});

await t.test("ids are all different, ascending, and reach from the first to the last there is", (t) => {
  const ids = sparseIds(1000, seededRandom("ids"));
  t.ok(ids.every((id, at) => id > (ids[at - 1] ?? 0)));
  t.equal(ids[999], 4294967295);
  t.ok(ids[0]! < 2 ** 23 && ids[500]! > 2 ** 30);
  t.end();
});
