import t from "tap";
import { Repeats } from "../../../tools/load-test/repeats.js";
import { Tally, type Finding } from "../../../tools/load-test/tally.js";
import { NOON } from "./fake-clock.js";

const MINUTE_MS = 60_000;

function repeat(campaign: number): Finding {
  return { campaign, visitor: 1, got: "the same", expected: "another" };
}

await t.test("A banner seen in another minute proves nothing: that may have been another period", (t) => {
  const tally = new Tally(0);
  const repeats = new Repeats(tally);
  repeats.note(7, 5, NOON, NOON, undefined);
  repeats.note(7, 5, NOON, NOON, repeat(7));
  repeats.note(7, 6, NOON + MINUTE_MS, NOON + MINUTE_MS, undefined);
  repeats.settle();
  t.equal(tally.violations.total, 0);
  t.same(tally.unjudgedRepeats, { 7: 1 });
  t.end();
});

await t.test("An answer that was on its way while the minute changed neither proves nor is judged", (t) => {
  const tally = new Tally(0);
  const repeats = new Repeats(tally);
  repeats.note(7, 6, NOON - 1, NOON, repeat(7));
  repeats.note(7, 5, NOON, NOON, undefined);
  repeats.note(7, 5, NOON, NOON, repeat(7));
  repeats.settle();
  t.equal(tally.violations.total, 0);
  t.same(tally.unjudgedRepeats, { 7: 2 });
  t.end();
});

await t.test("One campaign's banners prove nothing about another's", (t) => {
  const tally = new Tally(0);
  const repeats = new Repeats(tally);
  repeats.note(7, 5, NOON, NOON, repeat(7));
  repeats.note(8, 6, NOON, NOON, repeat(8));
  repeats.note(8, 7, NOON, NOON, undefined);
  repeats.settle();
  t.same(tally.unjudgedRepeats, { 7: 1 });
  t.same(tally.violations.kinds["repeat"], { count: 1, examples: [repeat(8)] });
  t.end();
});

await t.test("Repeats are settled once", (t) => {
  const tally = new Tally(0);
  const repeats = new Repeats(tally);
  repeats.note(7, 5, NOON, NOON, repeat(7));
  repeats.settle();
  repeats.settle();
  t.same(tally.unjudgedRepeats, { 7: 1 });
  t.end();
});
