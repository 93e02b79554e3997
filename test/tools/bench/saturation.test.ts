import t from "tap";
import { limitOf, type Limit } from "../../../tools/bench/saturation.js";

const LIMITS: readonly [serverBusy: number, generatorBusy: number, limit: Limit][] = [
  [0.98, 0.7, "server"],
  [0.98, 0.95, "server"],
  [0.97, 0.96, "both"],
  [0.6, 0.93, "generator"],
  [0.89, 0.5, "neither"],
  [0, 0, "neither"],
];

await t.test("whoever has no processor time left is at the limit", (t) => {
  for (const [serverBusy, generatorBusy, limit] of LIMITS)
    t.equal(
      limitOf({ serverBusy, generatorBusy }, { serving: [0], driving: 1 }),
      limit,
      `${serverBusy} ${generatorBusy}`,
    );
  t.end();
});

await t.test("a server of several cores is at the limit when it uses them all", (t) => {
  t.equal(limitOf({ serverBusy: 1.2, generatorBusy: 0.5 }, { serving: [0, 1], driving: 2 }), "neither");
  t.equal(limitOf({ serverBusy: 1.9, generatorBusy: 0.5 }, { serving: [0, 1], driving: 2 }), "server");
  t.end();
});

await t.test("who share their cores are at the limit together", (t) => {
  t.equal(limitOf({ serverBusy: 1.3, generatorBusy: 0.6 }, { serving: [0, 1], driving: 1 }), "both");
  t.equal(limitOf({ serverBusy: 0.9, generatorBusy: 0.6 }, { serving: [0, 1], driving: 1 }), "neither");
  t.end();
});
