import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { Figures } from "../../../tools/load-test/figures.js";
import { metricsOf } from "../../src/admin/metric.js";
import { BILLBOARD, billboard } from "../../src/billboard.js";
import { publish } from "../../src/published.js";
import { RunningServer } from "../../src/running-server.js";
import { inEveryPeriod, range, smallIndex } from "../../src/small-index.js";

const LINKS = new Map(range(100, 104).map((banner) => [banner, { alt: "", link: "https://shop.example/" }]));
const INDEX = smallIndex(inEveryPeriod({ campaign: 7, converting: range(100, 104) }), 4, new Map(), LINKS);
const REQUESTS = 300;

await t.test("the load test says that its visits are recorded; a header leaves them out", async (t) => {
  const folder = t.testdir();
  const index = join(folder, "index.bin");
  publish(index, INDEX);
  const RECORD_KEY_FILE = join(folder, "key");
  writeFileSync(RECORD_KEY_FILE, `${"0f".repeat(32)}\n`, { mode: 0o600 });
  const RECORD = join(folder, "recorded");
  const server = new RunningServer({
    ...{ INDEX_FILE: index, WORKERS: "1", RECORD, RECORD_KEY_FILE, RECORD_IGNORE_HEADER: "X-Load" },
  });
  t.teardown(() => server.stop());
  const { port, adminPort } = await server.next("ready");
  const words = ["--url", `http://127.0.0.1:${String(port)}`, "--index", index];
  const run = (...more: string[]): { figures: Figures; said: string } => {
    const file = join(folder, "figures.json");
    const all = ["load-test", ...words, "--requests", String(REQUESTS), "--connections", "4", "--json", file, ...more];
    const { stdout } = spawnSync(process.execPath, [BILLBOARD, ...all], { encoding: "utf8" });
    return { figures: JSON.parse(readFileSync(file, "utf8")) as Figures, said: stdout };
  };
  const recorded = async (): Promise<number> =>
    (await metricsOf(adminPort)).get('billboard_recorded_total{kind="impressions"}')!;

  const left = run("--ignore-header", "X-Load");
  t.match(left.figures, { complete: REQUESTS, recorded: 0, failed: { total: 0 }, violations: { total: 0 } });
  t.notMatch(left.said, "Recorded visits");
  const { figures, said } = run();
  t.match(figures, { complete: REQUESTS, recorded: REQUESTS, failed: { total: 0 }, violations: { total: 0 } });
  t.match(said, `\nRecorded visits:        ${REQUESTS} or more, as if of visitors`);
  while ((await recorded()) < REQUESTS) await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(await recorded(), REQUESTS, "nothing of the load that was left out");

  const { stdout } = billboard(["status", "--admin-port", String(adminPort)]);
  t.ok(stdout.includes(`, records to ${RECORD}; dashboard: `), stdout);
});
