import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Catalog } from "../../../src/index/catalog.js";
import { decode } from "../../../src/index/format.js";
import { inspect } from "../../../src/index/inspect.js";
import { billboard, type Finished } from "../billboard.js";
import { range, smallIndex } from "../small-index.js";

const bytes = smallIndex([
  { campaign: 1, period: 1, converting: range(100, 111) },
  { campaign: 1, period: 2, clicked: [5], pool: [1, 2, 3, 4, 6] },
  { campaign: 9, period: 2, pool: [1] },
]);
const file = join(t.testdir(), "index.bin");
writeFileSync(file, bytes);

const inspectIndex = (...words: string[]): Finished => billboard(["inspect", ...words]);

await t.test("--json prints the whole description", (t) => {
  const { status, stdout, stderr } = inspectIndex("--index", file, "--json");
  t.equal(status, 0);
  t.equal(stderr, "");
  t.same(JSON.parse(stdout), inspect(new Catalog(decode(Uint8Array.from(bytes)))));
  t.end();
});

await t.test("a period and a campaign can be asked for", (t) => {
  const cellsOf = (...words: string[]): unknown =>
    (
      JSON.parse(inspectIndex("--index", file, "--json", ...words).stdout) as {
        cells: { period: number; campaign: number }[];
      }
    ).cells.map(({ period, campaign }) => [period, campaign]);
  t.same(cellsOf("--period", "2"), [
    [2, 1],
    [2, 9],
  ]);
  t.same(cellsOf("--campaign", "1", "--period", "1"), [[1, 1]]);
  t.same(cellsOf("--campaign", "77"), []);
  t.end();
});

await t.test("without --json there is a table for people", (t) => {
  const { status, stdout } = inspectIndex("--index", file);
  t.equal(status, 0);
  t.match(stdout, /^Index of format 4, generation [0-9a-f]{16}, 4 period\(s\)\n/);
  t.match(stdout, "Period 1, campaign 1: top-10, X = 12\n");
  t.match(stdout, /^ +100 +12\.000000 +1 +1 +1 {2}revenue$/m);
  t.match(stdout, "and 4 drawn at each request from the pool of 5: 1 2 3 4 6\n");
  t.match(stdout, /\n3 cell\(s\)\n$/);
  const ending = (...words: string[]): string =>
    inspectIndex("--index", file, ...words)
      .stdout.split("\n")
      .at(-2)!;
  t.equal(ending("--campaign", "77"), "0 cell(s): campaign 77 is not in the index");
  t.equal(ending("--period", "5"), "0 cell(s): the index has the periods 1 to 4");
  t.equal(ending("--period", "3", "--campaign", "1"), "0 cell(s)");
  t.end();
});

await t.test("faults are one line, with 1 for the file and 2 for wrong usage", (t) => {
  t.match(inspectIndex("--index", `${file}.none`), {
    status: 1,
    stdout: "",
    stderr: /^billboard inspect: .*index\.bin\.none: there is no index.*\n$/,
  });
  for (const words of [
    ["--period", "0"],
    ["--campaign", "x"],
    ["--campaign", "4294967297"],
    ["--nonsense"],
    ["file.bin"],
  ])
    t.match(inspectIndex(...words), { status: 2, stdout: "", stderr: /^billboard inspect: .+\n$/ }, words.join(" "));
  t.match(inspectIndex("--help"), { status: 0, stdout: /\nUsage: billboard inspect / });
  t.end();
});

await t.test("the table has names of campaigns and the zone, so that they act on no terminal", (t) => {
  const named = join(t.testdir(), "index.bin");
  const cells = [1, 2].map((campaign) => ({ campaign, period: 1, pool: [9] }));
  const campaigns = new Map([
    [1, { name: "Sale\u001b[2J \u202eevil", defaultBanner: 9 }],
    [2, { name: "", defaultBanner: 0 }],
  ]);
  writeFileSync(named, smallIndex(cells, 2, new Map(), new Map(), { campaigns, timeZone: "Asia/Kathmandu" }));
  const { stdout } = inspectIndex("--index", named);
  t.match(stdout, /^Index of format 4, generation [0-9a-f]{16}, 2 period\(s\) of Asia\/Kathmandu\n/);
  t.match(stdout, "\nPeriod 1, campaign 1 (Sale\\u001b[2J \\u202eevil): by-clicks, X = 0\n");
  t.match(stdout, "\nPeriod 1, campaign 2: by-clicks");
  t.match(stdout, /\nPeriod 2, campaign 1 \(.*\): default, X = 0\n.*\n +9 +0\.000000 +0 +0 +0 {2}default\n/);
  t.end();
});
