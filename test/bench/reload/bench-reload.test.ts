import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { usableCores } from "../../../bench/measure/cores.js";
import { chartOf, tableOf } from "../../../bench/reload/report.js";
import { runReload, type ReloadResults } from "../../../bench/reload/run-reload.js";
import { missing } from "../../needed-programs.js";
import { ENVIRONMENT } from "../report/made-environment.js";

await t.test("an index is loaded under load, and no request fails", { skip: missing("taskset") }, async (t) => {
  const logged: string[] = [];
  const surroundings = {
    cores: usableCores(),
    folder: t.testdir({}),
    signal: new AbortController().signal,
    log: (what: string) => void logged.push(what),
  };
  const results = await runReload({ campaigns: 20, rate: 50, seconds: 3 }, surroundings);
  t.equal(logged.length, 2);
  t.same(
    results.seconds.map(({ requests }) => requests),
    [50, 50, 50],
  );
  t.ok(results.reloadBegan < results.reloadEnded, `${results.reloadBegan} to ${results.reloadEnded}`);
  const { before, peak, after } = results.memory;
  t.ok(before > 0 && peak >= before && peak >= after);
});

await t.test("an interrupted benchmark says so, and leaves no server", { skip: missing("taskset") }, async (t) => {
  const interrupt = new AbortController();
  const surroundings = {
    cores: usableCores(),
    folder: t.testdir({}),
    signal: interrupt.signal,
    log: (what: string) => {
      if (what.startsWith("sending")) interrupt.abort(new Error("interrupted"));
    },
  };
  const run = runReload({ campaigns: 20, rate: 50, seconds: 3 }, surroundings);
  await t.rejects(run, { message: "interrupted" });
});

const second = (p99: number): ReloadResults["seconds"][number] => ({
  requests: 100,
  p50: 50,
  p99,
  p999: 900,
  max: 2000,
});
const RESULTS: ReloadResults = {
  environment: ENVIRONMENT,
  campaigns: 1_000_000,
  rate: 100,
  reloadBegan: 5.2,
  reloadEnded: 6.7,
  memory: { before: 2 ** 30, peak: 2 ** 31, after: 2 ** 30 },
  latestSend: 20,
  generatorBusy: 0.1,
  seconds: Array.from({ length: 12 }, (_, at) => second(at === 5 ? 4321 : 300)),
};

await t.test("the table has the seconds around the reload, and says which they are", (t) => {
  const table = tableOf(RESULTS);
  t.match(table, "1,000,000 campaigns, 100 requests a second, one worker on one core: reloaded in 1.5 s");
  t.match(table, "1,020 MiB before, 2,050 MiB at most, 1,020 MiB after");
  const rows = table.split("\n").filter((line) => /^\| \d/.test(line));
  t.same(
    rows.map((row) => row.split("|")[1]!.trim()),
    ["3 to 4", "4 to 5", "5 to 6, reloading", "6 to 7, reloading", "7 to 8", "8 to 9"],
  );
  t.match(rows[2], "4.32 ms");
  t.end();
});

await t.test("the chart shows all seconds and when the reload was", (t) => {
  const svg = chartOf(RESULTS);
  t.match(svg, ">reload<");
  for (const line of ["p50", "p99", "most"]) t.match(svg, `>${line}<`);
  t.notMatch(svg, /NaN|undefined/);
  t.end();
});

await t.test("what docs/performance.md shows of a reload is what was measured, of a million campaigns", (t) => {
  const textOf = (name: string): string => readFileSync(join(import.meta.dirname, "../../../..", name), "utf8");
  const published = JSON.parse(textOf("bench/results/reload.json")) as ReloadResults;
  t.ok(textOf("docs/performance.md").includes(`\n${tableOf(published)}\n`), "the table");
  t.equal(textOf("bench/results/reload.svg"), chartOf(published));
  t.equal(published.campaigns, 1_000_000);
  t.ok(published.seconds.every(({ requests }) => requests === published.rate));
  t.end();
});
