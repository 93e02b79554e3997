import t from "tap";
import { formatRevenue, isId, parseRevenue } from "./naive-values.js";

await t.test("an id is 1 to 4294967295 in plain digits", (t) => {
  for (const text of ["1", "10", "4294967295"]) t.ok(isId(text), text);
  const others = [
    "",
    "0",
    "007",
    "-1",
    "+1",
    " 1",
    "1 ",
    "1.0",
    "1e3",
    "0x1",
    "\uff11",
    "4294967296",
    "99999999999999999999",
  ];
  for (const text of others) t.notOk(isId(text), text);
  t.end();
});

await t.test("a revenue is a plain decimal of at most six decimals, in 64 bits of millionths", (t) => {
  const millionths: readonly (readonly [string, bigint])[] = [
    ["0", 0n],
    ["-0.000000", 0n],
    ["1.5", 1500000n],
    ["01.50", 1500000n],
    ["-0.000001", -1n],
    [".5", 500000n],
    ["5.", 5000000n],
    ["+1", 1000000n],
    ["1.50000000", 1500000n],
    ["9223372036854.775807", 9223372036854775807n],
    ["-9223372036854.775808", -9223372036854775808n],
  ];
  for (const [text, value] of millionths) t.equal(parseRevenue(text), value, text);
  const others = ["", ".", "+", "--1", "-", "1e3", "1.1234567", "1 000", "1_000", " 1", "1 ", "0x1", "NaN", "\u0661"];
  for (const text of [...others, "9223372036854.775808", "-9223372036854.775809"])
    t.equal(parseRevenue(text), undefined, text);
  t.end();
});

await t.test("a revenue is told with six decimals", (t) => {
  t.strictSame([2518264n, 0n, -1500000n, -1n, 10n ** 18n].map(formatRevenue), [
    "2.518264",
    "0.000000",
    "-1.500000",
    "-0.000001",
    "1000000000000.000000",
  ]);
  t.end();
});
