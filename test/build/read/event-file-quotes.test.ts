/** What becomes of quotes: those that are closed, those that never are, and those that take in the rows behind them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import t, { type Test } from "tap";
import { readEvents } from "../../../build/read/event-file.js";
import { TypedRows } from "../../../build/read/typed-rows.js";
import { countFields, splitRow } from "../../../build/read/row-fields.js";
import { clicksCsv, conversionsCsv, impressionsCsv } from "../data-folder.js";
import { readText } from "./recorded-rows.js";

const NEVER_CLOSED = "malformed: a quote that opens here is not closed";
const ID_EXPECTED = "expected a whole number from 1 to 4294967295 without leading zeros";

/** Impressions of banner 5 in campaign 6: more bytes than a row may have. */
const FILLING = 300_000;
const FILLING_TEXT = "5,6\n".repeat(FILLING);

/** The rows without the filling, after a look that all of it was read, each at its line. */
function besidesFilling(t: Test, rows: readonly string[], firstLine: number): string[] {
  const isFilling = (row: string): boolean => row.endsWith("impression of 5 in 6");
  const lines = rows.filter(isFilling).map((row) => parseInt(row));
  t.equal(lines.length, FILLING);
  t.equal(
    lines.findIndex((line, at) => line !== firstLine + at),
    -1,
    "each is at its line",
  );
  return rows.filter((row) => !isFilling(row));
}

await t.test("a quote that is not closed at the end of the file costs its line only", async (t) => {
  for (const [end, name] of [
    ["", "without a newline"],
    ["\n", "with one"],
    ["\r\n", "with CRLF"],
    ["\n\n\n", "with blank lines"],
  ] as const)
    t.strictSame(
      await readText(t, "impressions", `banner_id,campaign_id\n1,2\n"3,4${end}`),
      { rows: ["2: impression of 1 in 2", `3: ${NEVER_CLOSED}`], read: 2, unknownColumns: [] },
      name,
    );
});

await t.test("a quote that is not closed in the middle of the file costs its line only", async (t) => {
  t.strictSame(await readText(t, "impressions", impressionsCsv("1,2", '3,"4', "5,6", "x,8", "9,10")), {
    rows: [
      "2: impression of 1 in 2",
      `3: ${NEVER_CLOSED}`,
      "4: impression of 5 in 6",
      `5: malformed: banner_id is "x", ${ID_EXPECTED}`,
      "6: impression of 9 in 10",
    ],
    read: 5,
    unknownColumns: [],
  });
});

await t.test("a quote that is not closed in a file larger than a row may be costs its line only", async (t) => {
  const text = `${impressionsCsv("1,2", '"3,4')}${FILLING_TEXT}x,8\n`;
  const { rows, read } = await readText(t, "impressions", text);
  t.equal(read, FILLING + 3);
  t.strictSame(besidesFilling(t, rows, 4), [
    "2: impression of 1 in 2",
    `3: ${NEVER_CLOSED}`,
    `${FILLING + 4}: malformed: banner_id is "x", ${ID_EXPECTED}`,
  ]);
});

await t.test("two quotes that are not closed, on distant lines, cost these two lines", async (t) => {
  const { rows, read } = await readText(
    t,
    "impressions",
    impressionsCsv("1,2", '"3,4', "5,6", "7,8", '"9,10', "11,12"),
  );
  t.strictSame(rows, [
    "2: impression of 1 in 2",
    String.raw`3: malformed: banner_id is "\"3,4\n5,6\n7,8\n\"9", ${ID_EXPECTED}; a quote that opens here closes 3 line(s) below`,
    "4: impression of 5 in 6",
    "5: impression of 7 in 8",
    `6: ${NEVER_CLOSED}`,
    "7: impression of 11 in 12",
  ]);
  t.equal(read, 6);
});

await t.test("so do two that are further from each other than a row may be long", async (t) => {
  const text = `${impressionsCsv('"3,4')}${FILLING_TEXT}9,"10\n11,12\n`;
  const { rows, read } = await readText(t, "impressions", text);
  t.equal(read, FILLING + 3);
  t.strictSame(besidesFilling(t, rows, 3), [
    `2: ${NEVER_CLOSED}`,
    `${FILLING + 3}: ${NEVER_CLOSED}`,
    `${FILLING + 4}: impression of 11 in 12`,
  ]);
});

await t.test("two quotes that look like one quoted field cost the lines on which they stand", async (t) => {
  const { rows, read } = await readText(t, "impressions", impressionsCsv('"3,4', "5,6", '7,8"', "9,10"));
  t.strictSame(rows, [
    "2: malformed: 1 field(s), expected 2 as in the header row; a quote that opens here closes 2 line(s) below",
    "3: impression of 5 in 6",
    String.raw`4: malformed: campaign_id is "8\"", ${ID_EXPECTED}`,
    "5: impression of 9 in 10",
  ]);
  t.equal(read, 4);
});

await t.test("many lines with broken quotes are told one by one, with the rows between them", async (t) => {
  const pairs = Array.from({ length: 20 }, (_, at) => ['"3,4', `${at + 1},6`]).flat();
  const { rows, read } = await readText(t, "impressions", impressionsCsv(...pairs));
  t.equal(read, 40);
  t.strictSame(
    rows.filter((row) => row.includes("impression")),
    Array.from({ length: 20 }, (_, at) => `${at * 2 + 3}: impression of ${at + 1} in 6`),
  );
  t.strictSame(
    rows.filter((row) => row.includes("malformed")).map((row) => parseInt(row)),
    Array.from({ length: 20 }, (_, at) => at * 2 + 2),
  );
});

await t.test(
  "reading goes on at the right byte behind a byte-order mark, CRLF, blank lines and long characters",
  async (t) => {
    const text =
      "\uFEFFnote,banner_id,campaign_id\r\n" +
      "zwölf €,1,2\r\n" +
      "\r\n\n" +
      '"é",3,"4\r\n' +
      "\r\n" +
      "😀,5,6\r\n" +
      ',"7,8\n' +
      "ü,9,10";
    t.strictSame(await readText(t, "impressions", text), {
      rows: [
        "2: impression of 1 in 2",
        "5: malformed: 4 field(s), expected 3 as in the header row; a quote that opens here closes 3 line(s) below",
        "7: impression of 5 in 6",
        `8: ${NEVER_CLOSED}`,
        "9: impression of 9 in 10",
      ],
      read: 5,
      unknownColumns: ["note"],
    });
  },
);

await t.test("lines are counted on behind line breaks in quotes and a broken quote", async (t) => {
  const text = 'note,banner_id,campaign_id\n"a\r\nb\r\n",1,2\n,"3,4\n"\r\n",5,6\n,7,8\n';
  t.strictSame((await readText(t, "impressions", text)).rows, [
    "2: impression of 1 in 2",
    "5: malformed: 2 field(s), expected 3 as in the header row; a quote that opens here closes 1 line(s) below",
    "6: impression of 5 in 6",
    "8: impression of 7 in 8",
  ]);
});

await t.test(
  "a byte-order mark in the middle of a file is a character like others, also behind a broken quote",
  async (t) => {
    t.strictSame((await readText(t, "impressions", impressionsCsv('"1,2', "\uFEFF3,4", "5,6"))).rows, [
      `2: ${NEVER_CLOSED}`,
      String.raw`3: malformed: banner_id is "\ufeff3", ${ID_EXPECTED}`,
      "4: impression of 5 in 6",
    ]);
  },
);

await t.test("a quoted field that is longer than a row may be counts as a quote that is not closed", async (t) => {
  const text = `banner_id,campaign_id,note\n1,2,"${"€".repeat(300_000)}"\n3,4,"\n${"5,6,\n".repeat(FILLING)}"\n7,8,\n`;
  const { rows } = await readText(t, "impressions", text);
  t.strictSame(besidesFilling(t, rows, 4), [
    "2: impression of 1 in 2",
    `3: ${NEVER_CLOSED}`,
    `${FILLING + 4}: ${NEVER_CLOSED}`,
    `${FILLING + 5}: impression of 7 in 8`,
  ]);
});

await t.test(
  "line breaks in a quoted column that is not read are part of it, and lines are still counted",
  async (t) => {
    const text =
      "banner_id,note,campaign_id\n" +
      '1,"two\nlines",2\n' +
      '3,"three\r\nlines\r\n",4\r\n' +
      '5,"a lone\rreturn is no end of a line",6\n' +
      "x,,8\n" +
      '9,"\n\n\n",10\n' +
      "11,,y\n";
    t.strictSame(await readText(t, "impressions", text), {
      rows: [
        "2: impression of 1 in 2",
        "4: impression of 3 in 4",
        "7: impression of 5 in 6",
        `8: malformed: banner_id is "x", ${ID_EXPECTED}`,
        "9: impression of 9 in 10",
        `13: malformed: campaign_id is "y", ${ID_EXPECTED}`,
      ],
      read: 6,
      unknownColumns: ["note"],
    });
  },
);

await t.test("a quote within a field that is not quoted is a character like others", async (t) => {
  t.strictSame((await readText(t, "impressions", 'note,banner_id,campaign_id\n5" x 3",1,2\na"b,3,4\n')).rows, [
    "2: impression of 1 in 2",
    "3: impression of 3 in 4",
  ]);
  t.strictSame((await readText(t, "conversions", conversionsCsv('1,2,3"', "1,1,1"))).rows, [
    String.raw`2: malformed: revenue is "3\"", expected a decimal number of at most six decimals`,
    "3: conversion 1 of click 1 for 1000000 millionths",
  ]);
  t.strictSame((await readText(t, "clicks", clicksCsv('4,5"6,7', '8,"9"0,1'))).rows, [
    String.raw`2: malformed: banner_id is "5\"6", ${ID_EXPECTED}`,
    String.raw`3: malformed: banner_id is "\"9\"0", ${ID_EXPECTED}`,
  ]);
});

await t.test("a quote in a column that is not read does not take in the rows below it", async (t) => {
  const text = 'banner_id,campaign_id,note\n1,2,"abc\n3,4,"def"\n5,6,x\n';
  t.strictSame(await readText(t, "impressions", text), {
    rows: [
      "2: malformed: a field goes on behind its closing quote; a quote that opens here closes 1 line(s) below",
      "3: impression of 3 in 4",
      "4: impression of 5 in 6",
    ],
    read: 3,
    unknownColumns: ["note"],
  });
});

await t.test("a field over several lines may begin with a quote of its own", async (t) => {
  const text = 'banner_id,campaign_id,note\n1,2,"""Best"" ad\r\never"\n5,6,x\n';
  const { rows } = await readText(t, "impressions", text);
  t.strictSame(rows, ["2: impression of 1 in 2", "4: impression of 5 in 6"]);
});

await t.test("a bad row whose own text goes over several lines is one bad row, and its text is no row", async (t) => {
  const text = 'banner_id,campaign_id,note\nx,2,"see\n7,8,foo"\n3,4,z\n';
  t.strictSame(await readText(t, "impressions", text), {
    rows: [`2: malformed: banner_id is "x", ${ID_EXPECTED}`, "4: impression of 3 in 4"],
    read: 2,
    unknownColumns: ["note"],
  });
});

/** What is read of a file, and the processor's time that it takes. */
async function cost(t: Test, line: string, lines: number): Promise<{ bytes: number; rows: number; ms: number }> {
  const path = join(t.testdir(), "events.csv");
  writeFileSync(path, `${impressionsCsv()}${`${line}\n`.repeat(lines)}`);
  const typed = new TypedRows("impressions");
  let bytes = 0;
  const start = process.cpuUsage();
  const { rows } = await readEvents({ kind: "impressions", path }, typed, (chunk) => {
    bytes += chunk;
    typed.clear();
    return undefined;
  });
  const { user, system } = process.cpuUsage(start);
  return { bytes, rows, ms: (user + system) / 1000 };
}

await t.test("lines with stray quotes are read once, and cost little more than plain ones", async (t) => {
  const lines = 200_000;
  const chunk = 1 << 18;
  // Malformed as the others are, but without a quote, so that only the quote can make them slower.
  const plain = await cost(t, "x,4", lines);
  // In the last, each row would be a mebibyte long, and take in all rows that follow.
  for (const line of ['"3,4', '3,"4', '3,4"', '"3,"4', '3","4']) {
    const { bytes, rows, ms } = await cost(t, line, lines);
    t.equal(rows, lines, line);
    const size = "banner_id,campaign_id\n".length + (line.length + 1) * lines;
    t.ok(bytes <= size + chunk, `${line}: ${bytes} bytes were read of ${size}`);
    t.ok(ms < 50 * plain.ms, `${line}: ${ms} ms, and ${plain.ms} ms without a quote`);
    t.comment(`${line}: ${(ms / plain.ms).toFixed(1)} times the time of a line without a quote`);
  }
});

await t.test("rows that go on over the same lines are told alike on the borders of what is read at once", async (t) => {
  // Each line ends within quotes, wherever its own begins, and the last one closes them.
  const lines = 60_000;
  const text = impressionsCsv(...Array<string>(lines).fill('x","y'), '1",2', "3,4");
  const { rows, read } = await readText(t, "impressions", text);
  t.equal(read, lines + 2);
  t.equal(rows.at(-1), `${lines + 3}: impression of 3 in 4`);
  for (const at of [0, 30_000, lines - 3]) {
    const below = lines - at;
    t.equal(
      rows[at],
      `${at + 2}: malformed: ${below + 2} field(s), expected 2 as in the header row; ` +
        `a quote that opens here closes ${below} line(s) below`,
    );
  }
});

await t.test("an over-long line is called so, with quotes or without, and costs itself only", async (t) => {
  const OVER_LONG = "the line is over-long, expected at most 1048576 characters: end each row with a line feed";
  const long = "5".repeat(3_000_000);
  for (const line of [long, `1,${long}`, `"${long}`, `1,"${long}"`, `${long}\r1,2`])
    for (const end of ["\n", ""])
      t.strictSame(
        (await readText(t, "impressions", `${impressionsCsv("1,2", '"3",4')}${line}${end}`)).rows,
        ["2: impression of 1 in 2", "3: impression of 3 in 4", `4: malformed: ${OVER_LONG}`],
        line.slice(0, 4),
      );
  const rows = (await readText(t, "impressions", impressionsCsv(long, '"3,4', `1,${long}`, "7,8"))).rows;
  t.strictSame(rows, [
    `2: malformed: ${OVER_LONG}`,
    `3: ${NEVER_CLOSED}`,
    `4: malformed: ${OVER_LONG}`,
    "5: impression of 7 in 8",
  ]);
  await t.rejects(readText(t, "impressions", `banner_id,campaign_id,${long}\n1,2,3\n`), {
    name: "DataError",
    message: /events\.csv:1: the line is over-long, /,
  });
});

await t.test(
  "whatever the text, a row is split as a lenient csv-parse does, and is strict where a strict one reads it",
  (t) => {
    // No row ends within the text: a line break is a character like others.
    const options = { record_delimiter: "\0", relax_column_count: true };
    const read = (text: string, isLenient: boolean): readonly string[][] | undefined => {
      try {
        return parse(text, { ...options, relax_quotes: isLenient });
      } catch {
        return undefined;
      }
    };
    const piece = fc.constantFrom('"', '"', '""', ",", ",", "1", "x", "é", "\r", '",', ',"', "\n");
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 20 }).map((pieces) => pieces.join("")),
        (text) => {
          const { count, isOpen } = countFields(text, 0, text.length, false);
          const expected = read(text, true);
          assert.equal(isOpen, expected === undefined);
          if (expected === undefined) return;
          const { fields, isStrict } = splitRow(text);
          assert.deepEqual([fields], expected);
          assert.equal(count, fields.length - 1);
          assert.equal(isStrict, read(text, false) !== undefined);
        },
      ),
      { numRuns: 5000, seed: 1 },
    );
    t.pass("5000 texts");
    t.end();
  },
);
