import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { RULES } from "../../../src/index/sections.js";
import { Cluster } from "../../../bench/contenders/postgresql.js";
import { drawBanner, RANKING, type RankedBanner } from "../../../bench/contenders/ranking.js";
import { buildSample } from "../../src/built-sample.js";
import { missing } from "../../needed-programs.js";

const SAMPLE = join(import.meta.dirname, "../../../../data");

const skip = missing("postgres", "initdb");

await t.test("the query ranks every cell of the sample as the index has it, pools and all", { skip }, async (t) => {
  // Not below the project, where the user that PostgreSQL runs as may not come.
  const folder = mkdtempSync(join(tmpdir(), "billboard-ranking-"));
  t.teardown(() => {
    rmSync(folder, { recursive: true });
  });
  cpSync(SAMPLE, join(folder, "data"), { recursive: true });
  const { catalog } = await buildSample(join(folder, "index"));
  const cluster = new Cluster(
    { folder, data: join(folder, "data"), index: join(folder, "index/index.bin") },
    "cluster",
  );
  await cluster.make();
  const server = cluster.start();
  t.teardown(() => server.stop());
  const client = await cluster.connected(server);
  const { cells } = inspect(catalog);
  t.same([...new Set(cells.map(({ rule }) => rule))].sort(), [...RULES].sort(), "every rule occurs");
  t.ok(cells.some((cell) => cell.random_places > 0));
  for (const { period, campaign, rule, collection, pool } of cells) {
    // It follows from no event.
    if (rule === "default") continue;
    const { rows } = await client.query<{ banner: string; pooled: boolean }>(RANKING, [period, campaign]);
    const ranked = rows.map(({ banner, pooled }) => [Number(banner), pooled] as const);
    // A pool that is in the collection whole is a pool to the query.
    const whole = pool.length > 0 ? pool : collection.filter(({ by }) => by === "pool").map(({ banner }) => banner);
    const fixed = collection.filter(({ by }) => by !== "pool").map(({ banner }) => banner);
    t.same(
      ranked,
      [...fixed.map((banner) => [banner, false]), ...whole.map((banner) => [banner, true])],
      `period ${period}, campaign ${campaign}`,
    );
  }
  await client.end();
});

const ranked = (fixed: number, pooled: number): RankedBanner[] =>
  Array.from({ length: fixed + pooled }, (_, place) => ({
    banner: place + 1,
    pooled: place >= fixed,
    image: "",
    width: 0,
    height: 0,
  }));

await t.test("of what was ranked, one is drawn that is not the last, and random places are of the whole pool", (t) => {
  const drawn = (banners: RankedBanner[], last: number): number[] => {
    const ids = Array.from({ length: 2000 }, () => drawBanner(banners, last).banner);
    return [...new Set(ids)].sort((a, b) => a - b);
  };
  t.same(drawn(ranked(3, 0), 2), [1, 3]);
  t.same(drawn(ranked(1, 0), 1), [1], "the only one comes again");
  t.same(drawn(ranked(2, 9), 1), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  t.same(drawn(ranked(10, 0), 0), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  const times = Array.from({ length: 4000 }, () => drawBanner(ranked(4, 100), 0).banner).filter((id) => id > 4).length;
  t.ok(times > 600 && times < 1000, `a random place is one of five: ${times} of 4000`);
  t.end();
});
