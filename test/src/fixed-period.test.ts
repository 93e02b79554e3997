import { join } from "node:path";
import t from "tap";
import { metricsOf } from "./admin/metric.js";
import { billboard } from "./billboard.js";
import { generationOf, publish } from "./published.js";
import { RunningServer } from "./running-server.js";
import { range, smallIndex } from "./small-index.js";

/** Period 3 has banner 3, of an hour of so many periods. */
const indexOf = (periods: number): Uint8Array =>
  smallIndex(
    range(1, periods).map((period) => ({ period, campaign: 1, pool: [period] })),
    periods,
  );

interface Shown {
  readonly banner: number;
  readonly period: number;
}

const shownAt = async (port: unknown): Promise<Shown> =>
  (await (await fetch(`http://127.0.0.1:${String(port)}/campaigns/1/banner.json`)).json()) as Shown;

for (const zone of ["UTC", "Asia/Kathmandu"])
  await t.test(`PERIOD fixes the period, whichever it is in ${zone}, and everybody is told`, async (t) => {
    const file = join(t.testdir(), "index.bin");
    publish(file, indexOf(4));
    for (const period of range(1, 4)) {
      const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", TIME_ZONE: zone, PERIOD: String(period) });
      const { port, adminPort } = await server.next("ready");
      t.match(await shownAt(port), { banner: period, period });
      const status = await (await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`)).json();
      t.match(status, { fixed_period: period, index: { period } });
      t.equal((await metricsOf(adminPort)).get("billboard_fixed_period"), period);
      t.match(server.warnings, [{ event: "fixed-period", level: 40, period, msg: /^PERIOD is set, .* period \d all/ }]);
      t.equal(await server.stop(), 0);
    }
  });

await t.test("without PERIOD the clock tells it, and nobody is told of another", async (t) => {
  const file = join(t.testdir(), "index.bin");
  publish(file, indexOf(4));
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1", PERIOD: "" });
  const { adminPort } = await server.next("ready");
  const status = (await (await fetch(`http://127.0.0.1:${String(adminPort)}/status.json`)).json()) as object;
  t.notOk("fixed_period" in status);
  t.equal((await metricsOf(adminPort)).get("billboard_fixed_period"), 0);
  t.same(server.warnings, []);
  t.equal(await server.stop(), 0);
});

await t.test("an index of fewer periods is refused at the start, and by a reload", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const index = indexOf(6);
  publish(file, index);
  const server = new RunningServer({ INDEX_FILE: file, WORKERS: "1" }, "--period", "6");
  const { port, adminPort } = await server.next("ready");
  publish(file, indexOf(5));
  const reload = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
  t.equal(reload.status, 409);
  const reason = "PERIOD is 6, and the index has periods 1 to 5: set one of them, or none";
  t.same(await reload.json(), {
    result: "refused",
    generation: generationOf(index),
    previous: generationOf(index),
    reason,
  });
  t.match(await shownAt(port), { banner: 6, period: 6, generation: generationOf(index) });
  t.equal(await server.stop(), 0);
  const refused = billboard(["serve", "--period", "6", "--port", "0", "--admin-port", "0"], { INDEX_FILE: file });
  t.match(refused, { status: 1, stderr: `billboard serve: ${reason}\n` });
  for (const value of ["0", "61", "1.5", "now"])
    t.match(billboard(["serve", "--period", value], { INDEX_FILE: file }), {
      status: 2,
      stderr: /--period: .*1 to 60/,
    });
});
