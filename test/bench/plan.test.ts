import t from "tap";
import { expectedSeconds, FULL, growthArmCount, QUICK } from "../../bench/plan.js";

const CONTENDERS = 10;

await t.test("in full it takes less than 15 minutes, and quick less than 2", (t) => {
  t.ok(expectedSeconds(FULL, CONTENDERS) < 15 * 60, String(expectedSeconds(FULL, CONTENDERS)));
  t.ok(expectedSeconds(QUICK, CONTENDERS) < 2 * 60, String(expectedSeconds(QUICK, CONTENDERS)));
  t.end();
});

await t.test("what is not measured takes no time", (t) => {
  t.equal(expectedSeconds({ ...FULL, parts: [] }, 0), 0);
  const one = expectedSeconds({ ...FULL, rounds: 1 }, CONTENDERS);
  const two = expectedSeconds({ ...FULL, rounds: 2 }, CONTENDERS);
  const three = expectedSeconds({ ...FULL, rounds: 3 }, CONTENDERS);
  t.ok(two > one);
  t.ok(Math.abs(three - two - (two - one)) < 1e-6, "each round takes as long as the others");
  t.end();
});

await t.test("parts that show growth share two servers", (t) => {
  t.equal(growthArmCount({ ...FULL, parts: ["side-by-side"] }), 0);
  t.equal(growthArmCount({ ...FULL, parts: ["campaigns"] }), 4);
  t.equal(growthArmCount({ ...FULL, parts: ["side-by-side", "campaigns", "images"] }), 8);
  t.end();
});
