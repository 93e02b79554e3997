import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import t, { type Test } from "tap";
import { systemClock } from "../../../tools/load-test/clock.js";
import { Expectation } from "../../../tools/load-test/expectation.js";
import type { Figures } from "../../../tools/load-test/figures.js";
import { runLoadTest, type LoadTest, type Surroundings } from "../../../tools/load-test/run.js";
import { FakeClock } from "./fake-clock.js";
import { bannersOf, fakeServer, good, replyWith, type Behaviour } from "./fake-server.js";

const CAMPAIGNS = [1, 2, 3];
const EXPECTATION = new Expectation(
  1,
  "UTC",
  CAMPAIGNS.map((campaign) => ({
    period: 1,
    campaign,
    collection: bannersOf(campaign).map((banner) => ({ banner })),
    random_places: 0,
    pool: [],
  })),
);
const CLOSED = { kind: "closed", requests: 200, connections: 4 } as const;
const OPEN = { kind: "open", requests: 200, perMinute: 60_000 } as const;

type Changes = Partial<LoadTest> & Partial<Surroundings>;

/** A run against a server of this behaviour, in time that no machine has a say in. */
async function run(t: Test, behaviour: Behaviour, changes: Changes = {}): Promise<Figures> {
  const url = await fakeServer(t, behaviour);
  return runAgainst(url, changes);
}

function runAgainst(
  url: URL,
  { clock = new FakeClock(), signal = new AbortController().signal, ...changes }: Changes,
): Promise<Figures> {
  const test = {
    scenario: "visitors",
    load: CLOSED,
    timeout: 10,
    campaigns: CAMPAIGNS,
    expectation: EXPECTATION,
  } as const;
  return runLoadTest({ url, ...test, ...changes }, { clock, signal });
}

/** The findings by kind. */
function counts({ kinds }: Figures["failed"]): Record<string, number> {
  return Object.fromEntries(Object.entries(kinds).map(([kind, { count }]) => [kind, count]));
}

for (const load of [CLOSED, OPEN]) {
  const name = `${load.kind} load`;

  await t.test(`A good server passes (${name})`, async (t) => {
    const figures = await run(t, good, { load });
    t.same(figures.shortcomings, []);
    t.equal(figures.complete, load.requests);
    t.equal(figures.body_bytes, load.requests * replyWith(1, 11).body.length);
    t.same(figures.unjudged_repeats, {});
  });

  await t.test(`A good server passes without an index too (${name})`, async (t) => {
    const figures = await run(t, good, { load, expectation: undefined });
    t.same(figures.shortcomings, []);
    t.same(figures.unjudged_repeats, {});
  });

  await t.test(`Every campaign is asked for, and a visitor comes back with its cookie (${name})`, async (t) => {
    const asked = new Map<number, number>();
    let withCookie = 0;
    await run(
      t,
      (request) => {
        asked.set(request.campaign, (asked.get(request.campaign) ?? 0) + 1);
        if (bannersOf(request.campaign).includes(request.last)) withCookie++;
        return good(request);
      },
      { load },
    );
    t.same([...asked.keys()].sort(), CAMPAIGNS);
    t.ok([...asked.values()].every((count) => count >= 60));
    t.ok(withCookie > 0);
  });

  await t.test(`A server that ignores the cookie is found out, with an index and without (${name})`, async (t) => {
    let turn = 0;
    // Each campaign shows its first banner four times, then its second once.
    const ignoring: Behaviour = ({ campaign }) =>
      replyWith(campaign, bannersOf(campaign)[Math.floor(turn++ / CAMPAIGNS.length) % 5 === 4 ? 1 : 0]);
    for (const expectation of [EXPECTATION, undefined]) {
      const { violations, shortcomings } = await run(t, ignoring, { load, expectation });
      t.same(Object.keys(violations.kinds), ["repeat"]);
      t.ok(violations.total > 0);
      t.same(shortcomings, [`${violations.total} against the rules`]);
    }
  });

  await t.test(`A server that shows one banner of two is found out with an index only (${name})`, async (t) => {
    const stuck: Behaviour = ({ campaign }) => replyWith(campaign, bannersOf(campaign)[0]);
    const judged = await run(t, stuck, { load });
    t.same(Object.keys(judged.violations.kinds), ["repeat"]);
    const unjudged = await run(t, stuck, { load, expectation: undefined });
    t.same(unjudged.shortcomings, []);
    t.same(Object.keys(unjudged.unjudged_repeats), CAMPAIGNS.map(String));
  });

  await t.test(`One wrong banner is found out (${name})`, async (t) => {
    const { violations, failed } = await run(
      t,
      (asked) => (asked.number === 50 ? replyWith(asked.campaign, 99) : good(asked)),
      { load },
    );
    t.same(counts(violations), { banner: 1 });
    t.equal(violations.kinds["banner"]?.examples[0]?.got, "banner 99");
    t.same(counts(failed), {});
  });

  await t.test(`A wrong content type is found out (${name})`, async (t) => {
    const { violations } = await run(
      t,
      (asked) => {
        const reply = good(asked);
        return asked.number === 50 ? { ...reply, headers: { ...reply.headers, "Content-Type": "text/html" } } : reply;
      },
      { load },
    );
    t.same(counts(violations), { "content type": 1 });
  });

  await t.test(`A cookie of a wrong path is found out (${name})`, async (t) => {
    const { violations } = await run(
      t,
      (asked) => {
        const reply = good(asked);
        const cookie = String(reply.headers["Set-Cookie"]).replace(/Path=[^;]*/, "Path=/");
        return { ...reply, headers: { ...reply.headers, "Set-Cookie": cookie } };
      },
      { load },
    );
    t.equal(counts(violations)["cookie"], load.requests);
    t.ok(counts(violations)["repeat"]! > 0, "a browser would not send it to this campaign alone");
  });

  await t.test(`500s are failed requests, not violations (${name})`, async (t) => {
    const { failed, violations, shortcomings } = await run(
      t,
      (asked) => (asked.number % 10 === 0 ? { status: 500, headers: {}, body: "no" } : good(asked)),
      { load },
    );
    t.same(counts(failed), { "status 500": 20 });
    t.same(counts(violations), {});
    t.same(shortcomings, ["20 failed"]);
  });

  await t.test(`404s are right for a campaign that the index does not have (${name})`, async (t) => {
    const figures = await run(
      t,
      (asked) => (asked.campaign === 4 ? { status: 404, headers: {}, body: "Campaign not found.\n" } : good(asked)),
      { load, campaigns: [...CAMPAIGNS, 4] },
    );
    t.same(figures.shortcomings, []);
    const wrong = await run(t, () => ({ status: 404, headers: {}, body: "" }), { load });
    t.same(counts(wrong.failed), { "status 404": load.requests });
  });

  await t.test(`A connection that is closed before the answer is a failed request (${name})`, async (t) => {
    const { failed, violations, complete } = await run(
      t,
      (asked) => (asked.number % 10 === 0 ? undefined : good(asked)),
      { load },
    );
    t.same(counts(failed), { "connection closed": 20 });
    t.same(counts(violations), {});
    t.equal(complete, load.requests - 20);
  });

  await t.test(`An answer that does not come in time is a failed request (${name})`, async (t) => {
    const { failed, violations, complete } = await run(
      t,
      (asked) => (asked.number === 50 ? new Promise<never>(() => undefined) : good(asked)),
      { load, timeout: 1, clock: systemClock },
    );
    t.same(counts(failed), { "timed out": 1 });
    t.same(counts(violations), {});
    t.equal(complete, load.requests - 1);
  });

  await t.test(`An interrupted run has figures, and what was on its way is not failed (${name})`, async (t) => {
    const controller = new AbortController();
    const { complete, failed, shortcomings } = await run(
      t,
      (asked) => {
        if (asked.number < 50) return good(asked);
        controller.abort();
        return new Promise<never>(() => undefined);
      },
      { load, signal: controller.signal },
    );
    t.ok(complete < 50);
    t.equal(failed.total, 0);
    t.equal(shortcomings[0], `interrupted after ${complete} of ${load.requests} requests`);
  });
}

await t.test("A closed load is given up when a server answers no longer", async (t) => {
  const load = { kind: "closed", requests: 10_000, connections: 2 } as const;
  const { failed, complete, shortcomings } = await run(t, (asked) => (asked.number > 30 ? undefined : good(asked)), {
    load,
  });
  t.equal(complete, 30);
  t.same(counts(failed), { "connection closed": 20 });
  t.equal(shortcomings[0], "given up after 50 of 10000 requests");
});

await t.test("A closed load is not given up for losses that come between answers, however many", async (t) => {
  const load = { kind: "closed", requests: 200, connections: 2 } as const;
  const { failed, shortcomings } = await run(t, (asked) => (asked.number % 4 === 0 ? undefined : good(asked)), {
    load,
  });
  t.same(counts(failed), { "connection closed": 50 });
  t.same(shortcomings, ["50 failed"]);
});

await t.test("The seed scenarios ask for one campaign, and exactly as often as they say", async (t) => {
  const asked = new Map<number, number>();
  const { campaigns, complete } = await run(
    t,
    (request) => {
      asked.set(request.campaign, (asked.get(request.campaign) ?? 0) + 1);
      return good(request);
    },
    { scenario: "seed-5k", load: { kind: "closed", requests: 5_000, connections: 32 } },
  );
  t.same(campaigns, [1]);
  t.same([...asked], [[1, 5_000]]);
  t.equal(complete, 5_000);
});

await t.test("Fewer requests than connections are fewer connections", async (t) => {
  const figures = await run(t, good, { load: { kind: "closed", requests: 3, connections: 32 } });
  t.equal(figures.complete, 3);
  t.equal(figures.connections, 3);
});

await t.test("Campaigns are those of the index where none are given", async (t) => {
  const { campaigns, campaigns_from } = await run(t, good, { campaigns: undefined });
  t.same(campaigns, CAMPAIGNS);
  t.equal(campaigns_from, "those of the index in this period");
});

await t.test("Campaigns are those of 1 to 100 that are there, where nothing names them", async (t) => {
  const here = new Set([2, 100]);
  const { campaigns, shortcomings } = await run(
    t,
    (asked) => (here.has(asked.campaign) ? good(asked) : { status: 404, headers: {}, body: "" }),
    { campaigns: undefined, expectation: undefined },
  );
  t.same(campaigns, [2, 100]);
  t.same(shortcomings, []);
});

await t.test("Where there is no campaign to ask for, the run says so and what to do", async (t) => {
  const nothing: Behaviour = () => ({ status: 404, headers: {}, body: "" });
  await t.rejects(run(t, nothing, { campaigns: undefined, expectation: undefined }), {
    message: /^http:\/\/127\.0\.0\.1:\d+: has none of the campaigns 1 to 100: name some with --campaigns$/,
  });
  await t.rejects(run(t, nothing, { campaigns: undefined, expectation: new Expectation(1, "UTC", []) }), {
    message: "the index has no campaign in this period: name some with --campaigns",
  });
});

await t.test("Where nobody answers, the run says where and what to do", async (t) => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.close();
  await once(server, "close");
  await t.rejects(runAgainst(url, {}), {
    message: `${url.origin}: nobody answers there: start it with \`make start\``,
  });
});
