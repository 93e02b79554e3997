import { join } from "node:path";
import t from "tap";
import { build } from "../../../build/stages.js";
import { filesOf } from "../built-index.js";
import { run } from "../commands.js";
import { dataFolder, statisticsCsv } from "../data-folder.js";

await t.test("the statistics of an index are written, and told of", async (t) => {
  const folder = t.testdir({ data: dataFolder({ impressions: ["371,7", "9,8"] }, { clicks: ["1,371,7"] }) });
  const out = join(folder, "out");
  const { generation } = await build({ data: join(folder, "data"), banners: undefined, out, onBadRow: "stop" });
  const words = ["--index", join(out, "index.bin"), "--out", join(folder, "statistics")];
  t.strictSame(run("export", words), {
    status: 0,
    stdout: `${join(folder, "statistics")}: 3 row(s) of 2 period(s), generation ${generation}\n`,
    stderr: "",
  });
  t.strictSame(filesOf(join(folder, "statistics", "2")), { "statistics_2.csv": statisticsCsv("7,371,0,1,0,0.000000") });
  const again = run("export", words);
  t.equal(again.status, 1);
  t.match(again.stderr, /^billboard export: .*statistics: contains 1: name a new or an empty folder with --out\n$/);
});

await t.test("an index that is none is told of in one line, and exit code 1", (t) => {
  const folder = t.testdir({ "index.bin": "no index at all" });
  const { status, stderr } = run("export", ["--index", join(folder, "index.bin"), "--out", join(folder, "x")]);
  t.equal(status, 1);
  t.match(stderr, /^billboard export: .*index\.bin: not a Billboard index: .*\n$/);
  t.end();
});

await t.test("wrong usage is told, and exit code 2; --help tells the right one", (t) => {
  t.strictSame(run("export", []), {
    status: 2,
    stdout: "",
    stderr: "billboard export: --out: missing, expected the folder to write to\n",
  });
  t.match(run("export", ["--nope"]), {
    status: 2,
    stderr: /^billboard export: Unknown option '--nope'.*\n$/,
  });
  t.match(run("export", ["--help"]), { status: 0, stdout: /^Usage: billboard export \[options\]\n/m });
  t.end();
});
