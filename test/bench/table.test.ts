import { check } from "prettier";
import t from "tap";
import type { Results } from "../../bench/results.js";
import { tablesOf } from "../../bench/table.js";
import { ENVIRONMENT } from "./made-environment.js";
import { madeResults } from "./made-results.js";

const RESULTS = madeResults(ENVIRONMENT, [
  { name: "bare-handler", label: "Bare handler", rounds: [105_000, 106_000, 112_000], limit: "generator" },
  { name: "slow", label: "Slow server", rounds: [123.4, 123.4, 123.4], limit: "neither", generatorBusy: 0.99 },
]);

/** The cells of a table's rows below its heading, by the first cell; of the first table with such a heading. */
function rowsOf(text: string, heading: RegExp): Map<string, string[]> {
  const table = (text.match(/(?:^\|.*\n)+/gm) ?? []).find((block) => heading.test(block.split("\n", 1)[0]!));
  if (table === undefined) throw new Error(`no table with a heading like ${String(heading)} in\n${text}`);
  const rows = table.trim().split("\n").slice(2);
  return new Map(
    rows.map((row) => {
      const [first = "", ...cells] = row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [first, cells];
    }),
  );
}

await t.test("the README's table has a line for each contender, and what is absent", (t) => {
  const { readme } = tablesOf(RESULTS);
  const rows = rowsOf(readme, /requests a second/);
  t.same([...rows.keys()], ["Billboard", "Billboard, again", "Bare handler", "Slow server"]);
  t.same(rows.get("Billboard"), ["100,000", "", "10 µs", "", "501 µs", "server"]);
  t.same(rows.get("Bare handler"), [
    "106,000",
    "1.05 (1.03 to 1.06), no difference",
    "9.43 µs",
    "0.95 (0.95 to 0.97), no difference",
    "501 µs",
    "generator",
  ]);
  t.same(rows.get("Slow server")![1], "0.0012 (0.0012 to 0.0012)");
  t.same(rows.get("Slow server")!.slice(4), ["–", "neither"], "61 answers are too few for a 99th percentile");
  for (const text of [readme, tablesOf(RESULTS).full])
    t.match(text, /^Absent: Fastify with PostgreSQL \(postgres not installed\)\.$/m);
  t.match(
    readme,
    /^Without any server, the pauses of the two cores alone make a p99 of 701 µs \(700 µs to 702 µs\)\.$/m,
  );
  t.match(readme, /^Noise: 1\.05 times in requests a second, 1\.20 times in processor time a request\.$/m);
  t.end();
});

await t.test("the full tables have every part that was measured, and every level of load", (t) => {
  const { full } = tablesOf(RESULTS);
  t.same(full.match(/^### .*$/gm), ["### Side by side", "### More campaigns"]);
  t.same(full.match(/^Latency at \d+ %/gm), ["Latency at 10 %", "Latency at 50 %", "Latency at 80 %"]);
  t.same(rowsOf(full, /p99\.9/).get("Billboard"), [
    "10,000",
    "10 µs",
    "101 µs",
    "100 µs",
    "102 µs",
    "200 µs",
    "302 µs",
  ]);
  t.same(rowsOf(full, /p99\.9/).get("no server: the pauses of the two cores"), [
    "–",
    "0 µs",
    "701 µs",
    "700 µs",
    "702 µs",
    "1.5 ms",
    "4 ms",
  ]);
  t.match(rowsOf(full, /p99\.9/).get("Slow server")?.[1], /^10 µs \\\*$/, "marked: the generator was at its limit");
  t.match(full, /^\\\* The load generator was at its limit/m);
  t.same(rowsOf(full, /new connections/).get("Billboard"), [
    "301 ms (300 ms to 302 ms)",
    "91 MiB (90 MiB to 92 MiB)",
    "10,000 (10,000 to 11,000)",
    "10 µs (9.09 µs to 10 µs)",
    "generator",
  ]);
  const campaigns = rowsOf(full, /^\| what/);
  t.same(campaigns.get("50 campaigns")?.[1], "");
  t.same(campaigns.get("10,000 campaigns")?.slice(0, 4), [
    "50,000 (50,000 to 50,000)",
    "0.50 (0.50 to 0.50)",
    "20 µs (20 µs to 20 µs)",
    "2.00 (2.00 to 2.00)",
  ]);
  t.equal(full.match(/^Noise: /gm)?.length, 2, "of each group on its own");
  t.end();
});

await t.test("nothing is said of what was not measured", (t) => {
  const { plan, groups } = RESULTS;
  const group = groups[0]!;
  const bare: Results = {
    ...RESULTS,
    absent: [],
    plan,
    groups: [
      {
        ...group,
        rounds: group.rounds.map((round) =>
          Object.fromEntries(
            Object.entries(round).map(([name, { start, memory, saturation }]) => [
              name,
              { start, memory, saturation, latency: [] },
            ]),
          ),
        ),
      },
    ],
  };
  const { readme, full } = tablesOf(bare);
  t.notMatch(full, /new connections|Latency at|Absent/);
  t.same(rowsOf(readme, /requests a second/).get("Billboard")?.[4], "–");
  t.doesNotThrow(() => tablesOf({ ...bare, groups: [] }));
  t.end();
});

await t.test("the tables say where, when and of what they were measured", (t) => {
  for (const text of Object.values(tablesOf(RESULTS)) as string[])
    for (const value of [ENVIRONMENT.processor, ENVIRONMENT.date, ENVIRONMENT.commit, "Node.js 20.0.0", "nginx 1.2.3"])
      t.ok(text.includes(value), value);
  t.end();
});

await t.test("the formatter leaves the tables as they are", async (t) => {
  for (const text of Object.values(tablesOf(RESULTS)) as string[])
    t.equal(await check(text, { parser: "markdown", printWidth: 120 }), true);
});
