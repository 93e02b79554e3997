import t from "tap";
import { oneWordOf, SHARE, someOf, TIME_ZONE, wholeNumber } from "../../../src/options/values.js";

await t.test("a whole number is digits within its bounds", (t) => {
  const { parse, allowed } = wholeNumber(2, 70);
  t.same(["2", "70", "007"].map(parse), [2, 70, 7]);
  for (const text of ["1", "71", "", " 2", "2.0", "1e1", "-3", "99999999999"]) t.equal(parse(text), undefined, text);
  t.equal(allowed, "a whole number from 2 to 70");
  t.end();
});

await t.test("a share is a decimal below 1, with few decimals", (t) => {
  t.same(["0", "0.1", ".25", "0.9999", "0.0"].map(SHARE.parse), [0, 0.1, 0.25, 0.9999, 0]);
  for (const text of ["1", "1.0", "-0.1", "0.12345", "", ".", "0.", "1e-1", "10 %", "0,1"])
    t.equal(SHARE.parse(text), undefined, text);
  t.end();
});

await t.test("a word is one of those that are known, and nothing that every object has", (t) => {
  const { parse, placeholder } = oneWordOf(["stop", "reject"]);
  t.same(["stop", "reject", "STOP", "", "constructor"].map(parse), ["stop", "reject", ...Array<undefined>(3)]);
  t.equal(placeholder, "stop|reject");
  t.end();
});

await t.test("some words come in their own order, each once", (t) => {
  const { parse } = someOf(["a", "b", "c"]);
  t.same(parse("c,a,c"), ["a", "c"]);
  t.equal(parse("a,x"), undefined);
  t.equal(parse(""), undefined);
  t.end();
});

await t.test("a time zone is one that the platform knows", (t) => {
  t.equal(TIME_ZONE.parse("europe/berlin"), "Europe/Berlin");
  t.equal(TIME_ZONE.parse("Mars/Phobos"), undefined);
  t.end();
});
