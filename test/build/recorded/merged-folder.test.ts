import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { MergedFolder } from "../../../build/recorded/merged-folder.js";

await t.test("it leads to closed files and lists, and tells when one of them is gone", (t) => {
  const folder = t.testdir({
    a: { "impressions-a.csv": "", "open-clicks-a.csv": "", server: "", ".compaction": {} },
    b: { "clicks-b.csv.gz": "" },
    data: { "campaigns.tsv": "", "placements.csv": "", "clicks.csv": "", banners: {} },
    links: {},
  });
  const [a, b, data, links] = ["a", "b", "data", "links"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  const merged = MergedFolder.make(links, [a, b], data);
  t.same(readdirSync(links).sort(), [
    "campaigns.tsv",
    "clicks-b.csv.gz",
    "conversions-none.csv",
    "impressions-a.csv",
    "placements.csv",
  ]);
  t.equal(
    readFileSync(join(links, "conversions-none.csv"), "utf8"),
    "conversion_id,click_id,revenue,timestamp\n",
    "a kind of which there was no event",
  );
  t.ok(merged.isWhole);
  t.equal(
    merged.explained(`${links}/clicks-b.csv.gz:1: and ${links}: no rows`),
    `clicks-b.csv.gz:1: and ${a}, ${b}: no rows`,
  );
  rmSync(join(b, "clicks-b.csv.gz"));
  t.notOk(merged.isWhole);
  const next = join(folder, "next");
  mkdirSync(next);
  t.same(
    MergedFolder.make(next, [a], undefined).events.map(({ name }) => name),
    ["impressions-a.csv"],
  );
  t.end();
});
