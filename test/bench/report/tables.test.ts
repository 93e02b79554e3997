import { check } from "prettier";
import t from "tap";
import type { Results } from "../../../bench/results.js";
import { lineOf, tablesOf } from "../../../bench/report/tables.js";
import { ENVIRONMENT } from "./made-environment.js";
import { madeResults } from "./made-results.js";

const RESULTS = madeResults(ENVIRONMENT, [
  { name: "bare-handler", label: "Bare handler", rounds: [105_000, 106_000, 112_000], limit: "generator" },
  { name: "database", label: "Slow server", rounds: [123.4, 123.4, 123.4], limit: "neither", generatorBusy: 0.99 },
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

await t.test("what is side by side has a line for each contender, with its latency at half load", (t) => {
  const text = tablesOf(RESULTS);
  const rows = rowsOf(text, /^\| server/);
  t.same([...rows.keys()], ["Billboard", "Billboard, again", "Bare handler", "Slow server"]);
  t.same(rows.get("Billboard"), ["100,000", "1", "10 µs", "1", "50 µs", "501 µs", "server"]);
  t.same(rows.get("Bare handler"), [
    "106,000",
    "≈ 1.05 (1.03 to 1.06)",
    "9.43 µs",
    "≈ 0.95 (0.95 to 0.97)",
    "50 µs",
    "501 µs",
    "generator",
  ]);
  t.same(rows.get("Slow server")![1], "0.0012 (0.0012 to 0.0012)");
  t.same(
    rows.get("Slow server")!.slice(4),
    ["50 µs \\*", "–", "neither"],
    "61 responses are too few for a 99th percentile",
  );
  t.match(text, /^\\\* The load generator was at its limit/m);
  t.match(text, /^Absent: Fastify with PostgreSQL \(postgres not installed\)\.$/m);
  t.end();
});

await t.test("growth has one table", (t) => {
  const campaigns = rowsOf(tablesOf(RESULTS), /^\| what/);
  t.same(campaigns.get("50 campaigns"), ["100,000", "1", "10 µs", "1", "91 MiB", "server"]);
  t.same(campaigns.get("10,000 campaigns")?.slice(0, 4), [
    "50,000",
    "0.50 (0.50 to 0.50)",
    "20 µs",
    "2.00 (2.00 to 2.00)",
  ]);
  t.end();
});

await t.test("the noise of each group is told, and that a noisy machine is one", (t) => {
  const lines = tablesOf(RESULTS).match(/^Noise: .*$/gm);
  t.equal(lines?.length, 2);
  t.match(
    lines![0],
    /^Noise: 1\.05 times in requests a second, 1\.20 times in processor time a request\. That is much/,
  );
  t.match(lines![1], /^Noise: 1\.01 times .* request\.$/);
  t.end();
});

await t.test("nothing is said of what was not measured, and what ended it early is", (t) => {
  const group = RESULTS.groups[0]!;
  const rounds = group.rounds.map((round) =>
    Object.fromEntries(Object.entries(round).map(([name, measured]) => [name, { ...measured, latency: [] }])),
  );
  const bare: Results = { ...RESULTS, absent: [], groups: [{ ...group, rounds }] };
  const text = tablesOf(bare);
  t.notMatch(text, /Absent|Incomplete|^\| what/m);
  t.same(
    rowsOf(text, /^\| server/)
      .get("Billboard")
      ?.slice(4, 6),
    ["–", "–"],
  );
  t.doesNotThrow(() => tablesOf({ ...bare, groups: [] }));
  t.match(tablesOf({ ...bare, error: "slow: gone" }), /^Incomplete, of 5 rounds: slow: gone\.$/m);
  t.end();
});

await t.test("the tables say where, when and of what they were measured", (t) => {
  const text = tablesOf(RESULTS);
  for (const value of [ENVIRONMENT.processor, ENVIRONMENT.date, ENVIRONMENT.commit, "Node.js 20.0.0", "nginx 1.2.3"])
    t.ok(text.includes(value), value);
  t.end();
});

await t.test("the README's line has what was measured of Billboard and of two others, where they were", (t) => {
  t.equal(
    lineOf(RESULTS),
    "100,000 requests a second from one core, at 10 µs of processor time each.\n" +
      "On the same core nginx sends a static file – times a second, and Fastify with PostgreSQL answers 123 (2026-11-23).",
  );
  t.end();
});

await t.test("the formatter leaves the tables as they are", async (t) => {
  t.equal(await check(tablesOf(RESULTS), { parser: "markdown", printWidth: 120 }), true);
});
