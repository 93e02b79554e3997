import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { DataError } from "../../../build/read/data-error.js";
import type { Kind } from "../../../build/read/find.js";
import { readBatches, readEvents } from "../../../build/read/event-file.js";
import { TypedRows } from "../../../build/read/typed-rows.js";
import { readText } from "./recorded-rows.js";

/** The reader's refusal of a file, without the folder. */
async function refusalOf(t: Test, kind: Kind, text: string): Promise<string> {
  const error: unknown = await readText(t, kind, text).catch((error: unknown) => error);
  if (!(error instanceof DataError)) throw new Error("the file was not refused", { cause: error });
  return error.message.slice(error.message.indexOf("events.csv"));
}

await t.test("malformed rows come in batches of a bounded size, also where each has a broken quote", async (t) => {
  const path = join(t.testdir(), "events.csv");
  const row = `"${"x".repeat(999)}\n`;
  writeFileSync(path, `banner_id,campaign_id\n${row.repeat(1000)}`);
  const batches: number[] = [];
  await readBatches({ kind: "impressions", path }, ({ malformed }) => void batches.push(malformed.length));
  t.equal(
    batches.reduce((sum, count) => sum + count),
    1000,
  );
  t.ok(Math.max(...batches) <= 300, `${Math.max(...batches)} in one batch`);
});

await t.test("columns are found by name, in any order", async (t) => {
  t.strictSame(await readText(t, "impressions", "campaign_id,banner_id\n7,371\n"), {
    rows: ["2: impression of 371 in 7"],
    read: 1,
    unknownColumns: [],
  });
  t.strictSame((await readText(t, "clicks", "campaign_id,click_id,banner_id\n7,1,371\n")).rows, [
    "2: click 1 on 371 in 7",
  ]);
  t.strictSame((await readText(t, "conversions", "revenue,conversion_id,click_id\n2.5,9,1\n")).rows, [
    "2: conversion 9 of click 1 for 2500000 millionths",
  ]);
});

await t.test("columns that are not read are named, wherever they stand", async (t) => {
  t.strictSame(await readText(t, "impressions", "seen_at,campaign_id,Banner_id,banner_id,note\n0:01,7,x,371,\n"), {
    rows: ["2: impression of 371 in 7"],
    read: 1,
    unknownColumns: ["seen_at", "Banner_id", "note"],
  });
});

await t.test("spaces round a column's name are no part of it", async (t) => {
  t.strictSame(await readText(t, "impressions", 'banner_id ,\tcampaign_id\t," note "\n371,7,x\n'), {
    rows: ["2: impression of 371 in 7"],
    read: 1,
    unknownColumns: ["note"],
  });
});

await t.test("quoted fields are read as what is in the quotes", async (t) => {
  t.strictSame(
    (await readText(t, "impressions", '"banner_id","note","campaign_id"\n"371","a ""b"", c",7\n3,,"4"\n')).rows,
    ["2: impression of 371 in 7", "3: impression of 3 in 4"],
  );
});

await t.test("LF, CRLF and both in one file are ends of lines; the last may be missing", async (t) => {
  const rows = ["2: impression of 1 in 2", "3: impression of 3 in 4", "4: impression of 5 in 6"];
  for (const text of [
    "banner_id,campaign_id\n1,2\n3,4\n5,6\n",
    "banner_id,campaign_id\r\n1,2\r\n3,4\r\n5,6\r\n",
    "banner_id,campaign_id\r\n1,2\n3,4\r\n5,6\n",
    "banner_id,campaign_id\n1,2\r\n3,4\n5,6\r\n",
    "banner_id,campaign_id\n1,2\n3,4\n5,6",
    'banner_id,campaign_id\r\n1,2\r\n3,4\r\n5,"6"',
  ])
    t.strictSame(await readText(t, "impressions", text), { rows, read: 3, unknownColumns: [] }, JSON.stringify(text));
});

await t.test("a byte-order mark is no part of the first column's name", async (t) => {
  t.strictSame(await readText(t, "impressions", "\uFEFFbanner_id,campaign_id\n1,2\n"), {
    rows: ["2: impression of 1 in 2"],
    read: 1,
    unknownColumns: [],
  });
  t.strictSame((await readText(t, "impressions", '\uFEFF"banner_id",campaign_id\n1,2\n')).rows, [
    "2: impression of 1 in 2",
  ]);
});

await t.test("blank lines are no rows, and lines are still counted as an editor does", async (t) => {
  t.strictSame(await readText(t, "impressions", "\nbanner_id,campaign_id\n\n\r\n1,2\n\n\nx,4\r\n\r\n5,6\n\n\n"), {
    rows: [
      "5: impression of 1 in 2",
      '8: malformed: banner_id is "x", expected a whole number from 1 to 4294967295 without leading zeros',
      "10: impression of 5 in 6",
    ],
    read: 3,
    unknownColumns: [],
  });
});

await t.test("a carriage return that ends no line is not counted as one", async (t) => {
  const fault = (column: string, value: string): string =>
    `malformed: ${column} is ${JSON.stringify(value)}, expected a whole number from 1 to 4294967295 without leading zeros`;
  t.strictSame((await readText(t, "impressions", "banner_id,campaign_id\n1\r,2\nx,2\n3,4\n")).rows, [
    `2: ${fault("banner_id", "1\r")}`,
    `3: ${fault("banner_id", "x")}`,
    "4: impression of 3 in 4",
  ]);
  // As copying in text mode leaves it.
  t.strictSame((await readText(t, "impressions", "banner_id,campaign_id\r\r\n1,2\r\r\n3,4\r\n")).rows, [
    `2: ${fault("campaign_id", "2\r")}`,
    "3: impression of 3 in 4",
  ]);
  t.strictSame((await readText(t, "impressions", 'note,banner_id,campaign_id\n"a\rb",x,2\n"a\rb",3,4\n')).rows, [
    `2: ${fault("banner_id", "x")}`,
    "3: impression of 3 in 4",
  ]);
});

await t.test("a file of nothing but a header row has no rows", async (t) => {
  for (const text of ["banner_id,campaign_id", "banner_id,campaign_id\n", "banner_id,campaign_id\r\n\r\n"])
    t.strictSame(await readText(t, "impressions", text), { rows: [], read: 0, unknownColumns: [] });
});

await t.test("a file without a header row is refused", async (t) => {
  for (const text of ["", "\n", "\r\n\n", "\uFEFF", "\uFEFF\n"])
    t.equal(
      await refusalOf(t, "impressions", text),
      "events.csv:1: the file is empty: a header row is required",
      JSON.stringify(text),
    );
});

await t.test("a header row without a column, or with one twice, is refused with what was expected", async (t) => {
  t.equal(
    await refusalOf(t, "clicks", "click_id,campaign_id\n1,7\n"),
    "events.csv:1: column banner_id is missing: expected a header row with click_id, banner_id, campaign_id, " +
      'got "click_id,campaign_id": name the one that it is with --column banner_id=NAME',
  );
  t.equal(
    await refusalOf(t, "impressions", "banner_id,campaign_id,banner_id\n1,7,1\n"),
    "events.csv:1: column banner_id is more than once: expected a header row with banner_id, campaign_id, " +
      'got "banner_id,campaign_id,banner_id"',
  );
  t.match(await refusalOf(t, "conversions", "1,2,3\n"), /^events\.csv:1: column conversion_id is missing: /);
});

await t.test("a header row whose quote is not closed is refused", async (t) => {
  const refusal = "events.csv:1: a quote in the header row is not closed";
  t.equal(await refusalOf(t, "impressions", '"banner_id,campaign_id\n1,2\n'), refusal);
  t.equal(await refusalOf(t, "impressions", `"banner_id,campaign_id\n${"1,2\n".repeat(300_000)}`), refusal);
});

await t.test("a header row whose quote takes in rows is refused, so that none is lost", async (t) => {
  const text = 'banner_id,campaign_id,"note\n1,2,x\n3,4,"\n5,6,z\n';
  t.match(await refusalOf(t, "impressions", text), /^events\.csv:1: .*header row.*$/);
});

await t.test("a file that is not there is no empty one", async (t) => {
  const path = join(t.testdir(), "gone.csv");
  await t.rejects(readEvents({ kind: "impressions", path }, new TypedRows("impressions")), { code: "ENOENT" });
});

await t.test("rows on the borders of the chunks that a file is read in are read as all others", async (t) => {
  // 256 KiB is what is read at once; each row has its own length in bytes, so that borders fall on every part of some
  // row.
  const chunk = 1 << 18;
  const notes = ["", "é", "€uro", '"a, ""b"" – c"', "😀😀", '"\r\nzwölf\n"'];
  const breaks = [0, 0, 0, 0, 0, 2];
  let text = "note,banner_id,campaign_id\n";
  let line = 2;
  const expected: string[] = [];
  for (let row = 1; Buffer.byteLength(text) < 3 * chunk;) {
    let part = "";
    for (const end = row + 1000; row < end; row++) {
      part += `${notes[row % notes.length]!},${row},${row * 7}${row % 4 === 0 ? "\r\n" : "\n"}`;
      expected.push(`${line}: impression of ${row} in ${row * 7}`);
      line += 1 + breaks[row % notes.length]!;
    }
    text += part;
  }
  text += "x,0,1";
  expected.push(
    `${line}: malformed: banner_id is "0", expected a whole number from 1 to 4294967295 without leading zeros`,
  );
  // Shifted by single bytes, so that borders fall on every byte of a row.
  for (const shift of ["", "_", "__", "___"]) {
    const { rows, read } = await readText(t, "impressions", shift + text);
    t.equal(read, expected.length);
    t.strictSame(
      rows.findIndex((each, at) => each !== expected[at]),
      -1,
      `with ${shift.length} byte(s) before`,
    );
  }
});
