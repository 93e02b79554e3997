import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { LOOP_DELAY_MAX, LOOP_DELAY_P50, LOOP_DELAY_P99, newCounters } from "../../../src/response/counters.js";
import { publishLoopDelay } from "../../../src/server/loop-delay.js";

await t.test("a loop that stands still shows in the longest delay, and stays there for a while", async (t) => {
  const counters = newCounters();
  publishLoopDelay(counters);
  // The first measurement begins with the second turn.
  await sleep(50);
  const start = performance.now();
  while (performance.now() - start < 500);
  const most = (): number => counters[LOOP_DELAY_MAX]! / 1e6;
  while (most() === 0) await sleep(10);
  t.ok(most() > 400, `${most()} ms, of 500 without the 10 ms of a turn that nothing holds up`);
  t.ok(counters[LOOP_DELAY_P50]! <= counters[LOOP_DELAY_P99]!);
  t.ok(counters[LOOP_DELAY_P99]! <= counters[LOOP_DELAY_MAX]!);
  const first = most();
  counters[LOOP_DELAY_MAX] = 0;
  while (most() === 0) await sleep(10);
  t.ok(most() >= first, "the next publication has it, too");
});
