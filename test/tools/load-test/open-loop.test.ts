import { setTimeout } from "node:timers/promises";
import t, { type Test } from "tap";
import { systemClock, type Clock } from "../../../tools/load-test/clock.js";
import { requestText, type Outcome } from "../../../tools/load-test/connection.js";
import { Expectation } from "../../../tools/load-test/expectation.js";
import { Judge } from "../../../tools/load-test/judge.js";
import { runOpenLoop, type OpenLoopSettings } from "../../../tools/load-test/open-loop.js";
import { sendLoad } from "../../../tools/load-test/run.js";
import { Tally } from "../../../tools/load-test/tally.js";
import { FakeClock } from "./fake-clock.js";
import { bannersOf, fakeServer, good, type Behaviour, type Reply } from "./fake-server.js";

const CAMPAIGN = 7;
const COLLECTION = bannersOf(CAMPAIGN).map((banner) => ({ banner }));
const CELL = { period: 1, campaign: CAMPAIGN, collection: COLLECTION, random_places: 0, pool: [] };
const { signal } = new AbortController();

/** The rate scenario, whose visitors need as many connections as there are requests under way. */
async function visitors(url: URL, clock: Clock, requests: number, perMinute: number): Promise<Tally> {
  const tally = new Tally(requests);
  const judge = new Judge(tally, clock, new Expectation(1, "UTC", [CELL]));
  const drive = { url, campaigns: [CAMPAIGN], timeoutMs: 10_000, judge, tally, clock, signal };
  await sendLoad(drive, { kind: "open", requests, perMinute });
  return tally;
}

/** Keeps every response back until so many requests are there, however many are sent before. */
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
  // A generator that waited for responses would wait for ever.
  const tally = await visitors(await fakeServer(t, holdUntil(40)), new FakeClock(), 40, 6_000);
  t.equal(tally.complete, 40);
});

await t.test("A visitor is never asked to wait for itself: its requests for one campaign do not overlap", async (t) => {
  // All are under way at once; a cookie that went out twice would bring the same banner twice.
  const tally = await visitors(await fakeServer(t, holdUntil(40)), new FakeClock(), 120, 6_000);
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
  const latencies = (await visitors(url, systemClock, 60, 6_000)).sortedLatencies();
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
  const tally = await visitors(url, clock, 200, 6_000);
  const latencies = tally.sortedLatencies();
  t.ok(tally.longestDelay >= 1_000 - 10);
  t.ok(latencies[199]! >= 1_000 - 10);
  // A hundred were due in that second, 10 ms apart: 1,000 ms, 990 ms and so on.
  t.ok(latencies[199 - 49]! >= 500 - 10);
  t.ok(latencies[199 - 90]! >= 90 - 10);
});

interface Load {
  readonly outcomes: Map<number, Outcome>;
  /** Milliseconds from the moment due, by request. */
  readonly latencies: Map<number, number>;
  /** What `request` was told, in order. */
  readonly late: (number | undefined)[];
  readonly busy: number;
}

async function load(t: Test, behaviour: Behaviour, settings: Partial<OpenLoopSettings> = {}): Promise<Load> {
  const url = await fakeServer(t, behaviour);
  const result = { outcomes: new Map<number, Outcome>(), latencies: new Map<number, number>() };
  const late: Load["late"] = [];
  const server = { host: "127.0.0.1", port: Number(url.port) };
  const limits = { requests: 20, perSecond: 100, opened: 0, maxConnections: Infinity, timeoutMs: 10_000 };
  const busy = await runOpenLoop(
    { ...server, ...limits, clock: systemClock, signal, ...settings },
    {
      request: (number, _, lateMs) => {
        late.push(lateMs);
        return requestText(url.host, `/campaigns/${number + 1}`, "");
      },
      settled: (number, due, outcome) => {
        result.outcomes.set(number, outcome);
        result.latencies.set(number, performance.now() - due);
      },
    },
  );
  return { ...result, late, busy };
}

await t.test("Where all connections are busy, a request waits for one, and that counts as latency", async (t) => {
  const requests = 10;
  const { latencies, late } = await load(
    t,
    async (asked) => {
      // All others are due long before the first is answered.
      if (asked.number === 1) await setTimeout(600);
      return good(asked);
    },
    { requests, perSecond: 20, maxConnections: 1 },
  );
  t.equal(latencies.size, requests);
  // The ninth was due 400 ms after the first: 200 ms before the first was answered at the earliest.
  t.ok(latencies.get(8)! > 190, `${latencies.get(8)!} ms`);
  t.ok(late.filter((ms) => ms === undefined).length >= 9, "the generator itself was not late");
});

await t.test("Connections that are opened before are used in turn", async (t) => {
  const sockets = new Set<unknown>();
  const { busy, outcomes } = await load(
    t,
    ({ socket, ...asked }) => {
      sockets.add(socket);
      return good({ socket, ...asked });
    },
    { opened: 4, maxConnections: 4 },
  );
  t.equal(sockets.size, 4);
  t.equal(outcomes.size, 20);
  t.ok(busy > 0 && busy < 1, String(busy));
});

await t.test(
  "A connection that closes, and a server that takes too long, lose their requests and no others",
  async (t) => {
    const closed = await load(t, (asked) => (asked.number === 7 ? undefined : good(asked)));
    t.same(
      [...closed.outcomes.values()].filter((outcome) => typeof outcome === "string"),
      ["connection closed"],
    );
    t.equal(closed.outcomes.size, 20);
    const stuck = await load(t, (asked) => (asked.number === 7 ? new Promise<never>(() => undefined) : good(asked)), {
      timeoutMs: 200,
    });
    t.same(
      [...stuck.outcomes.values()].filter((outcome) => typeof outcome === "string"),
      ["timed out"],
    );
    t.equal(stuck.outcomes.size, 20);
  },
);

await t.test("What the handler throws ends the load, and so does the signal", async (t) => {
  const url = await fakeServer(t, good);
  const settings = { host: "127.0.0.1", port: Number(url.port), requests: 1e6, perSecond: 100, timeoutMs: 10_000 };
  const connections = { opened: 1, maxConnections: 1 };
  const request = (): string => requestText(url.host, "/campaigns/1", "");
  const failing = runOpenLoop(
    { ...settings, ...connections, clock: systemClock, signal },
    {
      request,
      settled: () => {
        throw new Error("no good");
      },
    },
  );
  await t.rejects(failing, { message: "no good" });
  const interrupt = new AbortController();
  const settled = (): void => {
    interrupt.abort();
  };
  await runOpenLoop(
    { ...settings, ...connections, clock: systemClock, signal: interrupt.signal },
    { request, settled },
  );
});
