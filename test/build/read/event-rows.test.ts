import t from "tap";
import { quoted } from "../../../build/read/row-format.js";
import { clicksCsv, conversionsCsv, impressionsCsv } from "../data-folder.js";
import { readText } from "./recorded-rows.js";

const ID_EXPECTED = "expected a whole number from 1 to 4294967295 without leading zeros";
const BAD_IDS = [
  "",
  "0",
  "007",
  "-1",
  "+1",
  "1.5",
  "1e3",
  " 5",
  "5 ",
  "0x1",
  "abc",
  "1,5",
  "4294967296",
  "99999999999",
];

await t.test("what is no id is refused in every column of ids, with the line and the value", async (t) => {
  const columns = [
    ["impressions", "banner_id", impressionsCsv, (id: string) => `${id},7`],
    ["impressions", "campaign_id", impressionsCsv, (id: string) => `371,${id}`],
    ["clicks", "click_id", clicksCsv, (id: string) => `${id},371,7`],
    ["clicks", "banner_id", clicksCsv, (id: string) => `1,${id},7`],
    ["clicks", "campaign_id", clicksCsv, (id: string) => `1,371,${id}`],
    ["conversions", "conversion_id", conversionsCsv, (id: string) => `${id},1,2.5`],
    ["conversions", "click_id", conversionsCsv, (id: string) => `1,${id},2.5`],
  ] as const;
  for (const [kind, column, csv, rowWith] of columns) {
    const { rows, read } = await readText(t, kind, csv(...BAD_IDS.map((id) => rowWith(`"${id}"`))));
    t.strictSame(
      rows,
      BAD_IDS.map((id, at) => `${at + 2}: malformed: ${column} is "${id}", ${ID_EXPECTED}`),
    );
    t.equal(read, BAD_IDS.length);
  }
});

await t.test("the least and the largest id are taken, in every column", async (t) => {
  const largest = "4294967295";
  t.strictSame((await readText(t, "impressions", impressionsCsv("1,1", `${largest},${largest}`))).rows, [
    "2: impression of 1 in 1",
    `3: impression of ${largest} in ${largest}`,
  ]);
  t.strictSame((await readText(t, "clicks", clicksCsv("1,1,1", `${largest},${largest},${largest}`))).rows, [
    "2: click 1 on 1 in 1",
    `3: click ${largest} on ${largest} in ${largest}`,
  ]);
  t.strictSame((await readText(t, "conversions", conversionsCsv("1,1,0", `${largest},${largest},0`))).rows, [
    "2: conversion 1 of click 1 for 0 millionths",
    `3: conversion ${largest} of click ${largest} for 0 millionths`,
  ]);
});

await t.test("revenue is read in millionths, exactly", async (t) => {
  const revenues: [text: string, millionths: bigint][] = [
    ["1", 1_000_000n],
    ["1.5", 1_500_000n],
    ["0", 0n],
    ["-0", 0n],
    ["0.000001", 1n],
    ["-0.000001", -1n],
    ["-2.5", -2_500_000n],
    ["0.1", 100_000n],
    ["007.50", 7_500_000n],
    // 4.35 * 1e6 is 4349999.999999999 in floating point.
    ["4.35", 4_350_000n],
    ["9007199254.740993", 9007199254740993n],
    ["9223372036854.775807", 9223372036854775807n],
    ["-9223372036854.775807", -9223372036854775807n],
  ];
  const { rows } = await readText(t, "conversions", conversionsCsv(...revenues.map(([text]) => `3,4,${text}`)));
  t.strictSame(
    rows,
    revenues.map(([, millionths], at) => `${at + 2}: conversion 3 of click 4 for ${millionths} millionths`),
  );
});

await t.test("what is no plain decimal of at most six decimals, or needs more than 64 bits, is refused", async (t) => {
  const bad = [
    ...[
      "",
      " ",
      " 1",
      "\t1",
      "1.1234567",
      "1e5",
      "1E5",
      "1,000",
      ".5",
      "5.",
      "+1",
      "--1",
      "-",
      "- 1",
      "1 ",
      "1_000",
      "0x10",
    ],
    ...["NaN", "Infinity", "$1", "1.5.0", "9223372036854.775808", "-9223372036854.775809", "99999999999999999999"],
  ];
  const { rows, read } = await readText(t, "conversions", conversionsCsv(...bad.map((text) => `3,4,"${text}"`)));
  const reason = (text: string): string =>
    `malformed: revenue is ${JSON.stringify(text)}, expected a decimal number of at most six decimals`;
  t.strictSame(
    rows,
    bad.map((text, at) => `${at + 2}: ${reason(text)}`),
  );
  t.equal(read, bad.length);
});

await t.test("digits of other scripts are no digits", async (t) => {
  t.strictSame((await readText(t, "impressions", impressionsCsv("１,7"))).rows, [
    `2: malformed: banner_id is "１", ${ID_EXPECTED}`,
  ]);
});

await t.test("a row with too few or too many fields is refused with both numbers", async (t) => {
  const { rows, read } = await readText(t, "clicks", clicksCsv("1,2", "1,2,3,4", "1", "1,2,3,", " ", "5,6,7"));
  t.strictSame(rows, [
    "2: malformed: 2 field(s), expected 3 as in the header row",
    "3: malformed: 4 field(s), expected 3 as in the header row",
    "4: malformed: 1 field(s), expected 3 as in the header row",
    "5: malformed: 4 field(s), expected 3 as in the header row",
    "6: malformed: 1 field(s), expected 3 as in the header row",
    "7: click 5 on 6 in 7",
  ]);
  t.equal(read, 6);
});

await t.test("the first fault of a row is told, once", async (t) => {
  t.strictSame((await readText(t, "clicks", clicksCsv("0,x,y", "1,x,y"))).rows, [
    `2: malformed: click_id is "0", ${ID_EXPECTED}`,
    `3: malformed: banner_id is "x", ${ID_EXPECTED}`,
  ]);
});

await t.test("a value is shown on one line, and cut after 40 characters", (t) => {
  t.equal(quoted('a"b\n'), String.raw`"a\"b\n"`);
  t.equal(quoted("1".repeat(40)), `"${"1".repeat(40)}"`);
  t.equal(quoted("1".repeat(41)), `"${"1".repeat(40)}…"`);
  t.end();
});
