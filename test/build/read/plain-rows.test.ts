import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t, { type Test } from "tap";
import type { EventSink } from "../../../build/read/event-rows.js";
import { readPlainRows } from "../../../build/read/plain-rows.js";
import type { Progress } from "../../../build/read/csv-rows.js";
import { readText } from "./recorded-rows.js";

const HEADER = "click_id,banner_id,campaign_id";

async function plainRows(t: Test, text: string | Uint8Array): Promise<Progress<EventSink> & { clicks: string[] }> {
  const path = join(t.testdir(), "clicks.csv");
  writeFileSync(path, text);
  const clicks: string[] = [];
  const unexpected = (): never => {
    throw new Error("not a click");
  };
  const click = (...numbers: number[]): void => void clicks.push(numbers.join(" "));
  const sink = {
    click,
    impression: unexpected,
    conversion: unexpected,
    statistics: unexpected,
    malformed: unexpected,
  };
  const { header, rows, rest } = await readPlainRows({ kind: "clicks", path }, sink, () => undefined);
  return { header, rows, rest, clicks };
}

await t.test(
  "plain files are taken whole, with LF or CRLF, with or without the last of them, and with blank lines",
  async (t) => {
    for (const text of [
      `${HEADER}\n1,2,3\n4,5,6\n`,
      `${HEADER}\n1,2,3\n4,5,6`,
      `${HEADER}\r\n1,2,3\r\n4,5,6\r\n`,
      `${HEADER}\n1,2,3\r\n4,5,6\r\n`,
    ])
      t.match(await plainRows(t, text), { rows: 2, rest: undefined, clicks: ["1 2 3 2", "4 5 6 3"] });
    t.match(await plainRows(t, `\n${HEADER}\n\n1,2,3\r\n\r\n4,5,6\n\n`), {
      rest: undefined,
      clicks: ["1 2 3 4", "4 5 6 6"],
    });
    t.match(await plainRows(t, ""), { header: undefined, rows: 0, rest: undefined });
  },
);

await t.test("columns that are not read may have any text without a quote", async (t) => {
  const text = `note,${HEADER}\nzwölf €,1,2,3\n ,4,5,6\n`;
  t.match(await plainRows(t, text), { rest: undefined, clicks: ["1 2 3 2", "4 5 6 3"] });
});

await t.test("what is not plain is left, from the start of its line on, and all that comes behind it", async (t) => {
  const start = `${HEADER}\r\n1,2,3\n`;
  for (const line of [
    '4,5,"6"',
    "4,5",
    "4,5,6,7",
    "4,5,6\r,7",
    "4,5,6\r\r",
    "0,5,6",
    "4,5,x",
    " ",
    `4,5,${"6".repeat(1 << 17)}`,
  ])
    for (const end of ["\n7,8,9\n", ""]) {
      const name = JSON.stringify(line.slice(0, 20) + end);
      const { rest, clicks } = await plainRows(t, start + line + end);
      t.strictSame(rest, { byte: start.length, line: 3 }, name);
      t.strictSame(clicks, ["1 2 3 2"], name);
    }
});

await t.test("a header row that is quoted, or of another encoding, is left with all that follows", async (t) => {
  for (const text of [`"click_id",banner_id,campaign_id\n1,2,3\n`, `\uFEFF${HEADER}\n1,2,3\n`])
    t.match(await plainRows(t, text), { header: undefined, rows: 0, rest: { byte: 0, line: 1 } });
  const wide = Buffer.from(`\uFEFF${HEADER}\n1,2,3\n`, "utf16le");
  t.match(await plainRows(t, wide), { header: undefined, rows: 0, rest: { byte: 0, line: 1 } });
});

await t.test("a header row that is plain and none is refused at once", async (t) => {
  await t.rejects(plainRows(t, "click_id,banner_id\n1,2\n"), {
    name: "DataError",
    message: /clicks\.csv:1: column campaign_id is missing/,
  });
});

/** Nothing is plain behind a header row in quotes, so that csv-parse reads all of it. */
const QUOTED_HEADER = HEADER.replace("click_id", '"click_id"');

await t.test("whatever the text, rows come out as from csv-parse alone", async (t) => {
  const piece = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom("1,2,3\n", "4294967295,7,8\r\n", "12,371,7\n", "\n", "\r\n") },
    { weight: 4, arbitrary: fc.constantFrom("1", "2", "0", ",", "9", "x", " ", "é", "1,2", ",3") },
    { weight: 2, arbitrary: fc.constantFrom('"', '""', '"5"', ',"6"\n', "\r", "\n", "4294967296") },
  );
  const texts = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
  const runs = { seed: 20261125, numRuns: 2000 };
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const plain = await readText(t, "clicks", `${HEADER}\n${text}`);
      const parsed = await readText(t, "clicks", `${QUOTED_HEADER}\n${text}`);
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
    const { rows, rest, clicks } = await plainRows(t, [HEADER, ...lines, ""].join(end));
    t.strictSame([rows, rest], [60_000, undefined]);
    t.ok(clicks.every((click, at) => click === `${lines[at]!.replaceAll(",", " ")} ${at + 2}`));
  }
});
