import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Catalog } from "../../../src/index/catalog.js";
import { loadIndex } from "../../../src/index/load.js";
import { growthServers } from "../../../bench/growth/servers.js";
import { PARTS } from "../../../bench/plan.js";
import { missing } from "../../needed-programs.js";

const PLAN = { campaigns: [5, 40], visits: { few: 20, many: 30, large: 10 } };
const CORES = { serving: 0, driving: 1, all: [0] };
const skip = missing("taskset");

await t.test("each part has its servers, with indexes and visits of their own", { skip }, async (t) => {
  const folder = join(t.testdir({}), "growth");
  const { servers, comparisons } = await growthServers(PARTS, PLAN, {
    folder,
    cores: CORES,
    signal: new AbortController().signal,
  });
  t.equal(servers.length, 9);
  t.equal(new Set(servers.map(({ name }) => name)).size, servers.length, "each once");
  t.same(
    comparisons.map(({ part, servers }) => [part, servers.map(({ label }) => label)]),
    [
      ["campaigns", ["5 campaigns", "5 campaigns, again", "40 campaigns"]],
      ["random-places", ["10 banners with conversions", "5 random places from a pool of 10"]],
      ["cookies", ["no cookie", "1 cookie", "10 cookies", "50 cookies"]],
    ],
  );
  for (const { name, visits } of servers) t.ok(existsSync(visits), `the visits of ${name}`);

  const visitsOf = (name: string): string[][] =>
    readFileSync(servers.find((server) => server.name === name)!.visits, "utf8")
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  t.equal(visitsOf("campaigns-40").length, PLAN.visits.many);
  t.equal(visitsOf("places-random").length, PLAN.visits.few);
  t.same(
    [0, 1, 10, 50].map((count) =>
      visitsOf(`cookies-${count}`).map(([, cookies]) => cookies!.split("; ").filter(Boolean).length),
    ),
    [0, 1, 10, 50].map((count) => Array.from({ length: PLAN.visits.large }, () => count)),
  );

  const catalogOf = async (name: string): Promise<Catalog> => new Catalog(await loadIndex(join(folder, name)));
  t.equal((await catalogOf("campaigns-40.bin")).index.campaignIds.length, 40);
  const codesOf = async (name: string): Promise<[number, number][]> => {
    const { cells } = await catalogOf(name);
    const codes: [number, number][] = [];
    for (let cell = 0; cell < cells.length; cell++)
      if (cells.campaignOf(cell) !== 0) codes.push([cells.fixedOf(cell), cells.randomOf(cell)]);
    return codes;
  };
  t.ok((await codesOf("places-fixed.bin")).every(([fixed, random]) => fixed === 10 && random === 0));
  t.ok((await codesOf("places-random.bin")).every(([fixed, random]) => fixed === 0 && random === 5));
});

await t.test("an interrupted benchmark makes no index", { skip }, async (t) => {
  const folder = t.testdir({});
  const interrupt = new AbortController();
  interrupt.abort(new Error("interrupted"));
  const made = growthServers(["campaigns"], PLAN, {
    folder,
    cores: CORES,
    signal: interrupt.signal,
  });
  await t.rejects(made, { message: "interrupted" });
  t.same(readdirSync(folder), []);
});
