import { setTimeout } from "node:timers/promises";
import t from "tap";
import { systemClock, type Clock } from "../../../tools/load-test/clock.js";
import { Expectation } from "../../../tools/load-test/expectation.js";
import { Judge } from "../../../tools/load-test/judge.js";
import { openLoop } from "../../../tools/load-test/open-loop.js";
import { Tally } from "../../../tools/load-test/tally.js";
import { FakeClock } from "./fake-clock.js";
import { bannersOf, fakeServer, good, type Behaviour, type Reply } from "./fake-server.js";

const CAMPAIGN = 7;
const COLLECTION = bannersOf(CAMPAIGN).map((banner) => ({ banner }));
const CELL = { period: 1, campaign: CAMPAIGN, collection: COLLECTION, random_places: 0, pool: [] };

async function drive(url: URL, clock: Clock, requests: number, perMinute: number): Promise<Tally> {
  const tally = new Tally(requests);
  const judge = new Judge(tally, clock, new Expectation(1, "UTC", [CELL]));
  const signal = new AbortController().signal;
  const campaigns = [CAMPAIGN];
  await openLoop({ url, campaigns, judge, tally, clock, timeout: 10, signal }, { kind: "open", requests, perMinute });
  return tally;
}

/** Keeps every answer back until so many requests are there, however many are sent before. */
function holdUntil(requests: number): Behaviour {
  const held: (() => void)[] = [];
  return (asked) =>
    new Promise<Reply>((resolve) => {
      held.push(() => {
        resolve(good(asked));
      });
      if (asked.number >= requests) for (const release of held.splice(0)) release();
    });
}

await t.test("Requests are sent when they are due, whether or not those before are answered", async (t) => {
  // A generator that waited for answers would wait for ever.
  const tally = await drive(await fakeServer(t, holdUntil(40)), new FakeClock(), 40, 6_000);
  t.equal(tally.complete, 40);
});

await t.test("A visitor is never asked to wait for itself: its requests for one campaign do not overlap", async (t) => {
  // All are on their way at once; a cookie that went out twice would bring the same banner twice.
  const tally = await drive(await fakeServer(t, holdUntil(40)), new FakeClock(), 120, 6_000);
  t.equal(tally.complete, 120);
  t.equal(tally.violations.total, 0);
});

await t.test("A stall of 300 ms shows in the latency of every request that was due in it", async (t) => {
  const STALL_MS = 300;
  let stall: Promise<void> | undefined;
  const url = await fakeServer(t, async (asked) => {
    if (asked.number >= 10) await (stall ??= setTimeout(STALL_MS));
    return good(asked);
  });
  // One every 10 ms: the tenth waits 300 ms, the eleventh 290 ms and so on, or longer.
  const latencies = (await drive(url, systemClock, 60, 6_000)).sortedLatencies();
  t.equal(latencies.length, 60);
  t.ok(latencies[59]! >= STALL_MS - 20);
  t.ok(latencies[60 - 10]! >= STALL_MS - 120);
});

await t.test("Latency counts from the moment a request was due, however late it was sent", async (t) => {
  const clock = new FakeClock();
  const url = await fakeServer(t, (asked) => {
    // Requests are due every 10 ms; the one after the fifth is sent a second late, and those due meanwhile with it.
    if (asked.number === 5) clock.oversleep = 1_000;
    return good(asked);
  });
  const tally = await drive(url, clock, 200, 6_000);
  const latencies = tally.sortedLatencies();
  t.ok(tally.longestDelay >= 1_000);
  t.ok(latencies[199]! >= 1_000);
  // A hundred were due in that second, 10 ms apart: 1,000 ms, 990 ms and so on.
  t.ok(latencies[199 - 49]! >= 500);
  t.ok(latencies[199 - 90]! >= 90);
});
