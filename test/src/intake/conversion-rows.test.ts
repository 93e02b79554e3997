import fc from "fast-check";
import t from "tap";
import { EVENT_ROWS } from "../../../build/read/event-rows.js";
import { splitRow } from "../../../build/read/row-fields.js";
import { TypedRows } from "../../../build/read/typed-rows.js";
import { parseRevenue } from "../../../src/index/revenue.js";
import {
  MalformedConversionError,
  MAX_REVENUE_LENGTH,
  rowOfForm,
  rowsOfJson,
  type ConversionRow,
} from "../../../src/intake/conversion-rows.js";

const GOOD = { conversion_id: "o-1", click_id: "00ff", revenue: "1.5" };
const ROW = { conversionId: "o-1", clickId: "00ff", revenue: "1.500000" };

const wrongIn = (read: () => unknown): Partial<MalformedConversionError> => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof MalformedConversionError)) throw error;
    const { message, row, field } = error;
    return { message, row, field };
  }
  return {};
};

/** The revenue in a row of a file, in quotes as RFC 4180 has it, by a build; undefined where the row is malformed. */
function readInBuild(conversionId: string, clickId: string, revenue: string): bigint | undefined {
  const text = [conversionId, clickId, revenue].map((field) => `"${field.replaceAll('"', '""')}"`).join(",");
  const rows = new TypedRows("conversions");
  const problem = EVENT_ROWS.conversions.parse(splitRow(text).fields, 1, [0, 1, 2], rows, ",");
  return problem === undefined ? rows.revenues[0] : undefined;
}

await t.test("an object is a row, an array rows in its order, and a form a row", (t) => {
  t.strictSame(rowsOfJson(JSON.stringify(GOOD)), [ROW]);
  const batch = [GOOD, { ...GOOD, conversion_id: "o-2", other: [1, { revenue: 2 }], Revenue: "x" }];
  t.strictSame(rowsOfJson(JSON.stringify(batch)), [ROW, { ...ROW, conversionId: "o-2" }]);
  t.strictSame(rowOfForm("conversion_id=o-1&click_id=00ff&revenue=1.5&other="), ROW);
  t.strictSame(rowOfForm("conversion_id=o%C3%A9+%2C%22&click_id=7&revenue=%2B1.5"), {
    conversionId: 'oé ,"',
    clickId: "7",
    revenue: "1.500000",
  });
  t.end();
});

await t.test("numbers are as they are written, and none is rounded", (t) => {
  const rowOf = (revenue: string, id = "1"): readonly ConversionRow[] =>
    rowsOfJson(`{"conversion_id":${id},"click_id":"c","revenue":${revenue}}`);
  for (const [written, revenue] of [
    ["1.5", "1.500000"],
    ["-0.000001", "-0.000001"],
    ["0", "0.000000"],
    ["-0", "0.000000"],
    ["1.50000000000000000000", "1.500000"],
    // A double that is multiplied would be off by one millionth.
    ["9007199254.740993", "9007199254.740993"],
    ["0.300000", "0.300000"],
    ["9223372036854.775807", "9223372036854.775807"],
  ] as const)
    for (const given of [written, `"${written}"`]) t.equal(rowOf(given)[0]!.revenue, revenue, given);
  for (const written of ["1e21", "1e2", "1E-1", "0.1234567", "1.0000000000000000001", "9223372036854.775808"])
    for (const given of [written, `"${written}"`])
      t.match(
        wrongIn(() => rowOf(given)),
        { field: "revenue", message: `revenue is "${written}", expected ` },
        given,
      );
  for (const id of ["1", "0", "-5", "4294967296", "12345678901234567890"])
    t.equal(rowOf("1", id)[0]!.conversionId, id, id);
  for (const id of ["1.0", "1e3", "0.5"])
    t.same(
      wrongIn(() => rowOf("1", id)),
      {
        message: `conversion_id is "${id}", expected a whole number, or a text in quotes`,
        row: undefined,
        field: "conversion_id",
      },
    );
  t.end();
});

await t.test("what is malformed is told with its row in a batch, its field and what is expected", (t) => {
  const wrong: [altered: object, field: string, message: RegExp][] = [
    [{ conversion_id: undefined }, "conversion_id", /^conversion_id is missing$/],
    [{ conversion_id: "" }, "conversion_id", /^conversion_id is "", expected 1 to 128 bytes of UTF-8 without control/],
    [{ conversion_id: " \t " }, "conversion_id", /^conversion_id is "", expected/],
    [{ conversion_id: "a\nb" }, "conversion_id", /^conversion_id is "a\\nb", expected/],
    [{ click_id: "é".repeat(65) }, "click_id", /^click_id is "é{40}…", expected/],
    [{ click_id: "\ud83d" }, "click_id", /^click_id is "\\ud83d", expected/],
    [{ click_id: null }, "click_id", /^click_id is null, expected a text or a number$/],
    [{ click_id: true }, "click_id", /^click_id is true, expected a text or a number$/],
    [{ click_id: ["a"] }, "click_id", /^click_id is an array, expected a text or a number$/],
    [{ click_id: {} }, "click_id", /^click_id is an object, expected a text or a number$/],
    [{ revenue: undefined }, "revenue", /^revenue is missing$/],
    [{ revenue: "" }, "revenue", /^revenue is "", .*: write 0 where there is none$/],
    [{ revenue: "1,5" }, "revenue", /^revenue is "1,5", expected a .* decimals: write it with a decimal point$/],
    [{ revenue: "EUR 1" }, "revenue", /^revenue is "EUR 1", .*without a currency$/],
    [{ revenue: "0".repeat(65) }, "revenue", /^revenue has 65 characters, expected at most 64$/],
  ];
  for (const [altered, field, message] of wrong) {
    const text = JSON.stringify({ ...GOOD, ...altered });
    t.match(
      wrongIn(() => rowsOfJson(text)),
      { row: undefined, field, message },
      text,
    );
    const inBatch = wrongIn(() => rowsOfJson(`[${JSON.stringify(GOOD)},${text}]`));
    t.match(inBatch, { row: 2, field, message: new RegExp(`^row 2: ${message.source.slice(1)}`) }, text);
  }
  t.match(
    wrongIn(() => rowOfForm("click_id=a&revenue=1")),
    { message: "conversion_id is missing", row: undefined },
  );
  t.match(
    wrongIn(() => rowOfForm("conversion_id=%FF&click_id=a&revenue=1")),
    { field: "conversion_id" },
  );
  t.end();
});

await t.test("a field that is there twice is refused, and another is ignored", (t) => {
  const twice = '{"conversion_id":"a","click_id":"b","revenue":1,"revenue":1}';
  t.match(
    wrongIn(() => rowsOfJson(twice)),
    { field: "revenue", message: "revenue is there 2 times" },
  );
  t.match(
    wrongIn(() => rowOfForm("conversion_id=a&click_id=b&click_id=b&revenue=1")),
    {
      field: "click_id",
      message: "click_id is there 2 times",
    },
  );
  t.equal(rowsOfJson('{"conversion_id":"a","click_id":"b","revenue":1,"x":1,"x":2}').length, 1);
  t.end();
});

await t.test("only objects are conversions, and a batch has 1 to 1000", (t) => {
  const batchOf = (count: number): string => JSON.stringify(Array.from({ length: count }, () => GOOD));
  t.equal(rowsOfJson(batchOf(1)).length, 1);
  t.equal(rowsOfJson(batchOf(1000)).length, 1000);
  for (const count of [0, 1001])
    t.same(
      wrongIn(() => rowsOfJson(batchOf(count))),
      {
        message: `a batch of ${count} conversions, expected 1 to 1000`,
        row: undefined,
        field: undefined,
      },
    );
  for (const [text, got] of [
    ["1", "a number"],
    ['"a"', "a text"],
    ["null", "null"],
    ["false", "false"],
  ] as const)
    t.equal(wrongIn(() => rowsOfJson(text)).message, `got ${got}, expected a conversion, or an array of them`);
  t.match(
    wrongIn(() => rowsOfJson(`[${JSON.stringify(GOOD)},[]]`)),
    {
      message: "row 2: got an array, expected a conversion",
      row: 2,
    },
  );
  t.match(
    wrongIn(() => rowsOfJson("{")),
    { message: "no JSON at character 2: expected a key in quotes" },
  );
  t.end();
});

await t.test("what is accepted is what a build accepts, and it reads the same", (t) => {
  const sign = fc.constantFrom("", "+", "-", " ");
  const digits = fc.stringMatching(/^\d{0,14}$/);
  const mark = fc.constantFrom("", ".", ",", "e");
  const decimals = fc.stringMatching(/^\d{0,6}0*$/);
  const number = fc.tuple(sign, digits, mark, fc.oneof(decimals, digits)).map((parts) => parts.join(""));
  const unit = fc.oneof(
    fc.constantFrom(" ", "\t", '"', ",", ";", "=", "\n", "\0", "\u0085", "\u007f", "\uFFFD", "\u00a0", "é", "💚"),
    fc.string({ maxLength: 1 }),
  );
  const text = fc.array(unit, { maxLength: 70 }).map((units) => units.join(""));
  const id = fc.oneof(text, fc.string({ minLength: 1, maxLength: 150 }));
  const revenue = fc.oneof(
    number,
    number,
    text.filter((each) => each.length <= MAX_REVENUE_LENGTH),
  );
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(fc.oneof(id, number), id, revenue, (conversion_id, click_id, amount) => {
      const inBuild = readInBuild(conversion_id, click_id, amount);
      const read = (): readonly ConversionRow[] =>
        rowsOfJson(JSON.stringify({ conversion_id, click_id, revenue: amount }));
      if (inBuild === undefined) {
        counts.refused++;
        t.not(wrongIn(read).field, undefined, JSON.stringify([conversion_id, click_id, amount]));
        return;
      }
      counts.accepted++;
      const [row] = read();
      t.equal(parseRevenue(row!.revenue, ","), inBuild);
      t.equal(readInBuild(row!.conversionId, row!.clickId, row!.revenue), inBuild);
      t.strictSame(rowOfForm(new URLSearchParams({ conversion_id, click_id, revenue: amount }).toString()), row);
    }),
    { numRuns: 3000 },
  );
  t.ok(counts.accepted > 200 && counts.refused > 200, JSON.stringify(counts));
  t.end();
});
