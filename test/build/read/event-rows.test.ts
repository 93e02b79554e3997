import { quoted } from "../../../src/options/printable.js";
import t from "tap";
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
  "5 5",
  "\u00a05",
  "0x1",
  "abc",
  "1,5",
  "4294967296",
  "99999999999",
];

await t.test("what is no id is refused as a banner or a campaign, with the line and the value", async (t) => {
  const columns = [
    ["impressions", "banner_id", impressionsCsv, (id: string) => `${id},7`],
    ["impressions", "campaign_id", impressionsCsv, (id: string) => `371,${id}`],
    ["clicks", "banner_id", clicksCsv, (id: string) => `1,${id},7`],
    ["clicks", "campaign_id", clicksCsv, (id: string) => `1,371,${id}`],
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

await t.test("clicks and conversions may be named by what is no number, and not by nothing", async (t) => {
  const expected = "expected 1 to 128 bytes of UTF-8 without control characters";
  for (const [kind, csv, rowWith] of [
    ["clicks", clicksCsv, (id: string) => `${id},371,7`],
    ["conversions", conversionsCsv, (id: string) => `${id},1,2.5`],
    ["conversions", conversionsCsv, (id: string) => `1,${id},2.5`],
  ] as const) {
    const { rows } = await readText(t, kind, csv(...BAD_IDS.map((id) => rowWith(`"${id}"`))));
    t.strictSame(
      rows.filter((row) => row.includes("malformed")).map((row) => row.replace(/"[^"]*"/, "").replace(/\w+_id/, "id")),
      [`2: malformed: id is , ${expected}`],
    );
    t.equal(rows.length, BAD_IDS.length);
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
    [".5", 500_000n],
    ["-.5", -500_000n],
    ["5.", 5_000_000n],
    ["+1.5", 1_500_000n],
    ["1.50000000", 1_500_000n],
    ["0.0000010000", 1n],
    ["00000000000000000000001", 1_000_000n],
    [" 1.5\t", 1_500_000n],
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
    ...["--1", "-", ".", "+", "- 1", "0x10", "1.5.0", "NaN", "Infinity", "\u22121", "1-"].map((text) => [text, ""]),
    ["", ": write 0 where there is none"],
    ["1e5", ": write it without an exponent"],
    ["1.5E-3", ": write it without an exponent"],
    ["1,000", ": write it without separators of thousands"],
    ["1.234,50", ": write it without separators of thousands"],
    ["1_000", ": write it without separators of thousands"],
    ["1 234.50", ": write it without separators of thousands"],
    ["1,5", ": write it with a decimal point, or separate the columns by semicolons"],
    [",5", ": write it with a decimal point, or separate the columns by semicolons"],
    ["$1", ": write the number alone, without a currency"],
    ["1.50 EUR", ": write the number alone, without a currency"],
    ["1.1234567", ": round it to six decimals"],
    ["9223372036854.775808", ": give revenue in a larger unit"],
    ["-9223372036854.775809", ": give revenue in a larger unit"],
    ["99999999999999999999", ": give revenue in a larger unit"],
  ] as const;
  const { rows, read } = await readText(t, "conversions", conversionsCsv(...bad.map(([text]) => `3,4,"${text}"`)));
  t.strictSame(
    rows,
    bad.map(
      ([text, remedy], at) =>
        `${at + 2}: malformed: revenue is ${JSON.stringify(text)}, ` +
        `expected a decimal number of at most six decimals${remedy}`,
    ),
  );
  t.equal(read, bad.length);
});

await t.test("a decimal comma is read where the delimiter is another", async (t) => {
  const rows = [
    "2: conversion 3 of click 4 for 1500000 millionths",
    "3: conversion 5 of click 6 for -1234567 millionths",
  ];
  for (const delimiter of [";", "\t", "|"]) {
    const text = ["conversion_id", "click_id", "revenue\n3", "4", "1,5\n5", "6", "-1,234567\n"].join(delimiter);
    t.strictSame((await readText(t, "conversions", text)).rows, rows);
  }
});

await t.test("digits of other scripts are no digits", async (t) => {
  t.strictSame((await readText(t, "impressions", impressionsCsv("１,7"))).rows, [
    `2: malformed: banner_id is "１", ${ID_EXPECTED}`,
  ]);
});

await t.test("a row with too few or too many fields is refused with both numbers", async (t) => {
  const { rows, read } = await readText(t, "clicks", clicksCsv("1,2", "1,2,3,4", "1", "1,2,3,", "1;2;3", "5,6,7"));
  t.strictSame(rows, [
    "2: malformed: 2 field(s), expected 3 as in the header row",
    "3: malformed: 4 field(s), expected 3 as in the header row",
    "4: malformed: 1 field(s), expected 3 as in the header row",
    "5: malformed: 4 field(s), expected 3 as in the header row",
    "6: malformed: 1 field(s), expected 3 as in the header row: separated by semicolons is fine, " +
      "but this file mixes commas and semicolons: write it with one of them",
    "7: click 5 on 6 in 7",
  ]);
  t.equal(read, 6);
});

await t.test("the first fault of a row is told, once", async (t) => {
  t.strictSame((await readText(t, "clicks", clicksCsv("1,x,y", "1,2,y"))).rows, [
    `2: malformed: banner_id is "x", ${ID_EXPECTED}`,
    `3: malformed: campaign_id is "y", ${ID_EXPECTED}`,
  ]);
});

await t.test("a value is shown on one line, and cut after 40 characters", (t) => {
  t.equal(quoted('a"b\n'), String.raw`"a\"b\n"`);
  t.equal(quoted("1".repeat(40)), `"${"1".repeat(40)}"`);
  t.equal(quoted("1".repeat(41)), `"${"1".repeat(40)}…"`);
  t.end();
});
