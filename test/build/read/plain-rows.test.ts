import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { EVENT_ROWS } from "../../../build/read/event-rows.js";
import type { Kind } from "../../../build/read/find.js";
import { findHeader } from "../../../build/read/header.js";
import { PlainRows } from "../../../build/read/plain-rows.js";
import { TypedRows } from "../../../build/read/typed-rows.js";
import { readText, recorded } from "./recorded-rows.js";

const HEADER = "click_id,banner_id,campaign_id";

interface Plain {
  readonly count: number;
  /** What was not read, from the first line that is not plain on. */
  readonly rest: string;
  /** The line where it starts. */
  readonly line: number;
  readonly rows: readonly string[];
}

function plainRows(text: string, kind: Kind = "clicks"): Plain {
  const bytes = Buffer.from(text);
  const found = findHeader("events.csv", EVENT_ROWS[kind], undefined, bytes, true);
  if (found === undefined) throw new Error("there is no header row");
  const rows = new TypedRows(kind);
  const plain = new PlainRows(found.header, rows);
  const end = plain.read(bytes, found.bytes, bytes.length);
  return { count: plain.count, rest: bytes.toString("utf8", end), line: plain.line, rows: recorded(rows) };
}

await t.test("plain files are taken whole, with LF or CRLF, and with blank lines", (t) => {
  for (const text of [`${HEADER}\n1,2,3\n4,5,6\n`, `${HEADER}\r\n1,2,3\r\n4,5,6\r\n`, `${HEADER}\n1,2,3\r\n4,5,6\r\n`])
    t.match(plainRows(text), { count: 2, rest: "", rows: ["2: click 1 on 2 in 3", "3: click 4 on 5 in 6"] });
  t.match(plainRows(`\n${HEADER}\n\n1,2,3\r\n\r\n4,5,6\n\n`), {
    rest: "",
    line: 8,
    rows: ["4: click 1 on 2 in 3", "6: click 4 on 5 in 6"],
  });
  t.match(plainRows(`${HEADER}\n`), { count: 0, rest: "", rows: [] });
  t.end();
});

await t.test("each delimiter is read, with blanks and quotes round the values", (t) => {
  const rows = ["2: click 1 on 2 in 3", "3: click 4 on 5 in 4294967295"];
  for (const delimiter of [",", ";", "\t", "|"]) {
    const written = (text: string): string => text.replaceAll(",", delimiter);
    t.match(plainRows(written(`${HEADER}\n1,2,3\n4,5,4294967295\n`)), { rest: "", rows }, delimiter);
    t.match(
      plainRows(written(`${HEADER}\n 1 , "2"  ,"3"\r\n"4"," 5 ",4294967295 \r\n`)),
      { rest: "", rows },
      delimiter,
    );
  }
  t.end();
});

await t.test("columns that are not read may have any text, and line breaks not even in quotes", (t) => {
  const text = `note,${HEADER},more\nzwölf €,1,2,3,\n ,4,5,6,5" x 3"\n"a, ""b""",7,8,9,x\n`;
  t.match(plainRows(text), { rest: '"a, ""b""",7,8,9,x\n', rows: ["2: click 1 on 2 in 3", "3: click 4 on 5 in 6"] });
  t.match(plainRows(`note,${HEADER}\n"a, b",1,2,3\n"a\nb",4,5,6\n`), { rest: '"a\nb",4,5,6\n', line: 3 });
  t.end();
});

await t.test("what is not plain is left, from the start of its line on, and all that comes behind it", (t) => {
  const lines = [
    '4,5,"6',
    '4,5,6"',
    '4,5,"6"7',
    "4,5",
    "4,5,6,7",
    "4,5,6\r,7",
    "4,5,6\r\r",
    "4,0,6",
    "4,05,6",
    "4,5,x",
  ];
  const others = [" ", ",,", "4,,6", "4,5,4294967296", "4,5,99999999999", "4,5,+6", "4,5,6.0", '4,"5,6', "4,5 5,6"];
  for (const line of [...lines, ...others]) {
    const rest = `${line}\n7,8,9\n`;
    t.match(
      plainRows(`${HEADER}\r\n1,2,3\n${rest}`),
      { rest, line: 3, rows: ["2: click 1 on 2 in 3"] },
      JSON.stringify(line),
    );
  }
  t.end();
});

await t.test("revenue of every size is read as it is where it is read at all", (t) => {
  const header = "conversion_id;click_id;revenue\n";
  const revenues: [text: string, millionths: bigint][] = [
    ["0", 0n],
    ["-0", 0n],
    [".5", 500_000n],
    ["5.", 5_000_000n],
    ["+1.5", 1_500_000n],
    ["1,5", 1_500_000n],
    ["1.50000000", 1_500_000n],
    ["0.000001", 1n],
    ["-0.000001", -1n],
    ["4294.967295", 4294967295n],
    ["4294.967296", 4294967296n],
    ["-4294.967296", -4294967296n],
    ["-4294.967297", -4294967297n],
    ["999999999.999999", 999999999999999n],
    ["-999999999.999999", -999999999999999n],
  ];
  const { rest, rows } = plainRows(`${header}${revenues.map(([text]) => `3;4;${text}\n`).join("")}`, "conversions");
  t.equal(rest, "");
  t.strictSame(
    rows,
    revenues.map(([, millionths], at) => `${at + 2}: conversion 3 of click 4 for ${millionths} millionths`),
  );
  for (const text of ["", ".", "-", "1.2345678", "1.0000001", "1e5", "1.5.0", "1000000000", "$1", "1 000"])
    t.equal(plainRows(`${header}3;4;${text}\n`, "conversions").rest, `3;4;${text}\n`, text);
  t.equal(plainRows(`${header.replaceAll(";", ",")}3,4,"1,5"\n`, "conversions").rest, '3,4,"1,5"\n');
  t.end();
});

await t.test("statistics that no events add up to are not plain", (t) => {
  const header = "campaign_id,banner_id,impressions,clicks,conversions,revenue\n";
  t.match(plainRows(`${header}7,371,0,2,1,-0.5\n7,372,4294967295,0,0,0\n`, "statistics"), {
    rest: "",
    rows: ["2: 371 in 7: 0/2/1 for -500000 millionths", "3: 372 in 7: 4294967295/0/0 for 0 millionths"],
  });
  for (const row of ["7,371,1,0,1,0\n", "7,371,1,1,0,0.5\n", "7,371,01,1,1,0\n", "7,371,-1,1,1,0\n"])
    t.equal(plainRows(header + row, "statistics").rest, row);
  t.end();
});

await t.test("whatever the text, rows come out as from the reader of rows that are not plain alone", async (t) => {
  const piece = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("1,2,3\n", "4294967295,7,8\r\n", "12,371,7\n", "\n", "\r\n") },
    { weight: 4, arbitrary: fc.constantFrom("1", "2", "0", ",", "9", "x", " ", "\t", "é", "1,2", ",3") },
    { weight: 2, arbitrary: fc.constantFrom('"', '""', '"5"', ',"6"\n', "\r", "\n", "4294967296") },
  );
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
  const runs = { seed: 20261125, numRuns: 2000 };
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const plain = await readText(t, "clicks", `${HEADER}\n${text}`);
      const parsed = await readText(t, "clicks", `${HEADER}\n${text}`, { isAllCsv: true });
      assert.deepStrictEqual(plain, parsed);
    }),
    runs,
  );
  t.pass(`${runs.numRuns} texts`);
});

await t.test("lines on the borders of the pieces that a file is read in are taken as all others", async (t) => {
  const lines = Array.from(
    { length: 60_000 },
    (_, at) => `${at + 1},${(at % 999) + 1},${at % 7 === 0 ? 4294967295 : 7}`,
  );
  for (const end of ["\n", "\r\n"]) {
    const { rows, read } = await readText(t, "clicks", [HEADER, ...lines, ""].join(end));
    t.equal(read, 60_000);
    t.ok(
      rows.every((row, at) => {
        const [click, banner, campaign] = lines[at]!.split(",");
        return row === `${at + 2}: click ${click} on ${banner} in ${campaign}`;
      }),
    );
  }
});
