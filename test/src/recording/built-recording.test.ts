import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { inspect } from "../../../src/index/inspect.js";
import { publishedCatalog } from "../../build/built-index.js";
import { buildIndex } from "../../build/commands.js";
import { RunningRecorder } from "./running-recorder.js";

await t.test("a build reads what a recorder writes, while it writes, and nothing else that lies there", async (t) => {
  const folder = t.testdir();
  const rec = join(folder, "rec");
  const recorder = new RunningRecorder(t, rec);
  await recorder.opened();
  await recorder.tell({ do: "show", from: 7, to: 9 });
  await recorder.tell({ do: "click", campaign: 7, id: [0, 0, 0, 1] });
  await recorder.tell({ do: "convert", id: "order, 1", click: "00000000000000000000000000000001" });
  await recorder.tell({ do: "close" });
  await recorder.exited;
  // What is open now must not be read: its rows are not final.
  const next = new RunningRecorder(t, rec);
  await next.opened();
  await next.tell({ do: "convert", id: "order 2", click: "none" });
  writeFileSync(join(rec, ".probe"), "");
  const open = readdirSync(rec).filter((name) => name.startsWith("open-"));
  t.equal(open.length, 1);

  const out = join(folder, "out");
  const { status, stdout, stderr } = buildIndex([
    "--data",
    rec,
    "--out",
    out,
    "--time-zone",
    "Asia/Kathmandu",
    "--banners",
    folder,
  ]);
  t.equal(status, 0, stderr + stdout);
  t.equal(stderr, "");
  const cells = inspect(publishedCatalog(out)).cells.map(({ campaign, collection }) => {
    const [first] = collection;
    return [campaign, first?.banner, first?.impressions, first?.clicks, first?.conversions, first?.revenue];
  });
  t.same(
    cells.sort(([a = 0], [b = 0]) => Number(a) - Number(b)),
    [
      [7, 1, 1, 1, 1, "1.000000"],
      [8, 1, 1, 0, 0, "0.000000"],
      [9, 1, 1, 0, 0, "0.000000"],
    ],
  );
});
