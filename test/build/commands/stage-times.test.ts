import t from "tap";
import { StageTimes } from "../../../build/commands/stage-times.js";

await t.test("each stage lasts until the next begins, the last until the end", (t) => {
  let now = 100;
  const times = new StageTimes(() => now);
  times.begin("find");
  now = 130;
  times.begin("read");
  now = 170;
  const { total, stages } = times.finish();
  t.equal(total, 70);
  t.strictSame(
    [...stages],
    [
      ["find", 30],
      ["read", 40],
    ],
  );
  t.end();
});
