import t from "tap";
import { findDuplicates } from "../../../build/read/duplicates.js";
import { findFiles } from "../../../build/read/find.js";
import { clicksCsv, impressionsCsv, statisticsCsv } from "../data-folder.js";
import { findEventFiles } from "./event-files.js";

await t.test("clicks and conversions with the bytes of an earlier file of their kind are duplicates", async (t) => {
  const text = clicksCsv("1,2,3");
  const folder = t.testdir({
    1: { "clicks_1.csv": text, "clicks_2.csv": clicksCsv("1,2,4"), "clicks_3.csv": text },
    2: { "clicks_1.csv": text, "conversions_1.csv": text },
  });
  const { files } = await findEventFiles(folder);
  t.strictSame(
    files.map(({ name, duplicateOf }) => [name, duplicateOf?.name]),
    [
      ["1/clicks_1.csv", undefined],
      ["1/clicks_2.csv", undefined],
      ["1/clicks_3.csv", "1/clicks_1.csv"],
      ["2/clicks_1.csv", "1/clicks_1.csv"],
      ["2/conversions_1.csv", undefined],
    ],
  );
});

await t.test("impressions and statistics are duplicates of those of their own period only", async (t) => {
  const [views, sums] = [impressionsCsv("1,2"), statisticsCsv("2,1,1,0,0,0")];
  const folder = t.testdir({
    1: { "impressions_1.csv": views, "impressions_2.csv": views },
    2: { "impressions_1.csv": views },
    3: { "statistics_1.csv": sums },
    4: { "statistics_1.csv": sums, "statistics_2.csv": sums },
  });
  const { files } = await findEventFiles(folder);
  t.strictSame(
    files.flatMap(({ name, duplicateOf }) => (duplicateOf ? [[name, duplicateOf.name]] : [])),
    [
      ["1/impressions_2.csv", "1/impressions_1.csv"],
      ["4/statistics_2.csv", "4/statistics_1.csv"],
    ],
  );
});

await t.test("digests are taken of files of equal size and kind alone, and no others are asked for", async (t) => {
  const folder = t.testdir({
    1: { "clicks_1.csv": "12", "clicks_2.csv": "123", "conversions_1.csv": "12", "impressions_1.csv": "12" },
    2: { "clicks_1.csv": "21", "impressions_1.csv": "12" },
  });
  const asked: string[][] = [];
  const { files } = await findFiles(folder);
  const found = await findDuplicates(files, (likely) => {
    asked.push(likely.map(({ name }) => name));
    return Promise.resolve(likely.map(({ name }) => name));
  });
  t.strictSame(asked, [["1/clicks_1.csv", "2/clicks_1.csv"]]);
  t.strictSame(
    found.map(({ digest, duplicateOf }) => [digest, duplicateOf]),
    files.map(({ name }) => [asked[0]!.includes(name) ? name : undefined, undefined]),
  );
  await findDuplicates(files.slice(0, 2), () => Promise.reject(new Error("nothing to digest")));
});
