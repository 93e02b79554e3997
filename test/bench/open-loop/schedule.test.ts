import t from "tap";
import { Schedule } from "../../../bench/open-loop/schedule.js";

await t.test("requests are due evenly, and count after the warm-up", (t) => {
  const schedule = new Schedule(1000, 50, { warmUp: 0.5, seconds: 2 });
  t.equal(schedule.count, 125);
  t.same([schedule.due(0), schedule.due(1), schedule.due(125)], [1000, 1020, 3500]);
  t.same([schedule.counts(24), schedule.counts(25)], [false, true]);
  t.same(
    [25, 74, 75, 124].map((request) => schedule.secondOf(request)),
    [0, 0, 1, 1],
  );
  t.end();
});

await t.test("however low the rate, one request counts", (t) => {
  const schedule = new Schedule(0, 0.1, { warmUp: 0, seconds: 1 });
  t.equal(schedule.count, 1);
  t.equal(schedule.counts(0), true);
  t.end();
});
