import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { delayMs } from "../../../src/pull/delays.js";
import type { PullResult } from "../../../src/pull/pull-state.js";
import type { Arrived } from "../../../src/pull/put-in-place.js";
import { Puller, type Clock, type PullTarget } from "../../../src/pull/puller.js";
import { IndexSource } from "../../../src/pull/source.js";
import { switchText } from "../../../src/pull/switch.js";
import { FIRST, SECOND, generationOf } from "../published.js";
import { smallIndex } from "../small-index.js";
import { digestOf } from "./pulling-server.js";
import { answer, INDEX, TestSource } from "./test-source.js";

const SWITCH = `${INDEX}.switch`;
const THIRD = smallIndex([{ campaign: 1, period: 1, pool: [1] }]);
const NOON = Date.UTC(2026, 10, 29, 12);
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** A clock that stands still but for the sleeps of the puller, each of which the test lets go on. */
class HeldClock implements Clock {
  #now = NOON;
  readonly sleeps: number[] = [];
  #wake: (() => void) | undefined;
  #onSleep: (() => void) | undefined;

  now(): number {
    return this.#now;
  }

  random(): number {
    return 0.5;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.sleeps.push(ms);
    this.#onSleep?.();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#now += ms;
        resolve();
      };
      signal.addEventListener("abort", () => {
        resolve();
      });
    });
  }

  /** Resolves with how long the next sleep is to be, when it begins. */
  async asleep(): Promise<number> {
    if (this.#wake === undefined) await new Promise<void>((resolve) => (this.#onSleep = resolve));
    return this.sleeps.at(-1)!;
  }

  /** Ends the sleep, and resolves with how long the next one is to be. */
  async pass(): Promise<number> {
    const wake = this.#wake!;
    this.#wake = undefined;
    wake();
    return this.asleep();
  }
}

interface Pulling {
  readonly source: TestSource;
  readonly clock: HeldClock;
  readonly puller: Puller;
  readonly results: PullResult[];
  readonly switches: string[];
  readonly taken: { digest: string; at: number | undefined; now: number }[];
  readonly folder: string;
  readonly ended: Promise<void>;
}

async function begin(
  t: Test,
  served: Uint8Array | undefined,
  hasSwitch: boolean,
  change: (s: TestSource) => void,
): Promise<Pulling> {
  const source = await TestSource.open(t, FIRST);
  change(source);
  const folder = t.testdir();
  const clock = new HeldClock();
  let current = served && { digest: digestOf(served), signature: undefined };
  const results: PullResult[] = [];
  const switches: string[] = [];
  const taken: Pulling["taken"] = [];
  const target: PullTarget = {
    current: () => current,
    take: ({ digest }, at) => {
      taken.push({ digest, at, now: clock.now() });
      current = { digest, signature: undefined };
      return Promise.resolve({ result: "replaced" });
    },
  };
  const settings = {
    source: new IndexSource(new URL(source.url), undefined, {}),
    trust: { key: undefined, allowOlder: false },
    file: join(folder, "index.bin"),
    pollMs: MINUTE,
    maxBytes: 10_000_000,
    hasSwitch,
  };
  const events = {
    onResult: (result: PullResult) => void results.push(result),
    onSwitch: (_: unknown, decision: { at: number } | { reason: string }) =>
      void switches.push("at" in decision ? new Date(decision.at).toISOString() : decision.reason),
    onDropped: ({ digest }: Arrived) => void switches.push(`dropped ${digest}`),
  };
  const puller = new Puller(settings, target, events, clock);
  const ended = puller.run();
  t.teardown(() => {
    puller.stop();
  });
  await clock.asleep();
  return { source, clock, puller, results, switches, taken, folder, ended };
}

await t.test("delays grow to five minutes, or the poll's where that is more, and replicas spread", (t) => {
  const half = (): number => 0.5;
  t.equal(delayMs(MINUTE, 0, half), MINUTE);
  t.same(
    [1, 2, 3, 9, 10, 1e6].map((failures) => delayMs(MINUTE, failures, half)),
    [1e3, 2e3, 4e3, 256e3, 300e3, 300e3],
  );
  t.equal(delayMs(2 * HOUR, 1e6, half), 2 * HOUR);
  t.equal(
    delayMs(MINUTE, 0, () => 0),
    48_000,
  );
  t.equal(Math.round(delayMs(MINUTE, 0, () => 1)), 72_000);
  t.end();
});

await t.test("after failures it waits longer and longer, and after a good answer as before", async (t) => {
  const { clock, results, puller } = await begin(t, FIRST, false, (source) => {
    source.wrong.push(answer(500, ""), answer(200, "<html>"), answer(503, ""));
  });
  t.same(
    [await clock.asleep(), await clock.pass(), await clock.pass(), await clock.pass()],
    [1000, 2000, 4000, MINUTE],
  );
  t.same(
    results.map(({ result }) => result),
    ["failed", "refused", "failed", "unchanged"],
  );
  t.match(puller.state, {
    transfers: { failed: 2, refused: 1, unchanged: 1, replaced: 0 },
    lastSuccessAt: NOON + 7000,
  });
});

await t.test("SWITCH_AT=now: whatever lies beside the index is not asked for", async (t) => {
  const { source, taken } = await begin(t, SECOND, false, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: NOON + MINUTE })),
  );
  t.same(taken, [{ digest: digestOf(FIRST), at: undefined, now: NOON }]);
  t.notOk(source.asked.some(({ path }) => path === SWITCH));
});

await t.test("an index waits for its moment, and is handed on some seconds before it", async (t) => {
  const at = NOON + 50 * MINUTE;
  const { clock, puller, taken, switches, results, folder } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at })),
  );
  t.same(taken, []);
  t.same(puller.state.waiting, { generation: generationOf(FIRST), at });
  while (taken.length === 0) await clock.pass();
  t.equal(taken[0]!.at, at);
  t.ok(at - taken[0]!.now >= 5000 && at - taken[0]!.now < 6000, `${at - taken[0]!.now} ms before`);
  t.equal(puller.state.waiting, undefined);
  t.same(switches, ["2026-11-29T12:50:00.000Z"], "said once");
  t.equal(results.filter(({ result }) => result === "replaced").length, 1);
  t.same(readdirSync(folder), []);
});

await t.test("what cannot be removed any more is no reason to stop", async (t) => {
  const { clock, puller, taken, results, folder, ended } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: NOON + 50 * MINUTE })),
  );
  const [arrived = ""] = readdirSync(folder);
  rmSync(join(folder, arrived));
  mkdirSync(join(folder, arrived));
  while (taken.length === 0) await clock.pass();
  await clock.pass();
  t.equal(results.at(-1)!.result, "unchanged", "it asks again");
  puller.stop();
  await ended;
});

await t.test("without a moment that holds it is handed on at once, and why is said", async (t) => {
  const digest = digestOf(FIRST);
  const cases: Record<string, readonly [string | undefined, RegExp]> = {
    none: [undefined, /index\.bin\.switch: none is there/],
    "none that can be read": ["<html>", /index\.bin\.switch: it is no switch/],
    "one for another": [switchText({ digest: digestOf(SECOND), at: NOON + MINUTE }), /for another index/],
    "one that is past": [switchText({ digest, at: NOON }), /12:00:00\.000Z, is past/],
    "one that is too far": [switchText({ digest, at: NOON + HOUR + 1 }), /13:00:00\.001Z, is more than an hour ahead/],
  };
  for (const [what, [text, reason]] of Object.entries(cases)) {
    const { taken, switches, puller } = await begin(
      t,
      SECOND,
      true,
      (s) => text !== undefined && s.files.set(SWITCH, text),
    );
    t.same(taken, [{ digest, at: undefined, now: NOON }], what);
    t.match(switches, [reason], what);
    puller.stop();
  }
  const { taken } = await begin(t, undefined, true, (s) =>
    s.files.set(SWITCH, switchText({ digest, at: NOON + MINUTE })),
  );
  t.same(taken, [{ digest, at: undefined, now: NOON }], "the first index is waited for");
});

await t.test("while one waits, a newer one takes its place, and one that is withdrawn is dropped", async (t) => {
  const at = NOON + 50 * MINUTE;
  const { source, clock, puller, taken, switches, folder } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at })),
  );
  t.equal(readdirSync(folder).length, 1);
  source.files.set(INDEX, THIRD);
  source.files.set(SWITCH, switchText({ digest: digestOf(THIRD), at: at + 1 }));
  await clock.pass();
  t.same(puller.state.waiting, { generation: generationOf(THIRD), at: at + 1 });
  t.equal(readdirSync(folder).length, 1, "the other is gone");
  t.ok(switches.includes(`dropped ${digestOf(FIRST)}`), "and that is said");
  source.files.set(INDEX, SECOND);
  await clock.pass();
  t.equal(puller.state.waiting, undefined);
  t.same([taken, readdirSync(folder)], [[], []]);
});

await t.test("while one waits, its moment may be moved, or taken away", async (t) => {
  const { source, clock, puller, taken } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: NOON + 50 * MINUTE })),
  );
  const moved = NOON + 40 * MINUTE;
  source.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: moved }));
  await clock.pass();
  t.equal(puller.state.waiting?.at, moved);
  t.equal(source.askedForIndex.length, 2);
  t.match(source.askedForIndex[1]!.headers, { "if-none-match": /^"/ }, "what waits is not brought again");
  source.files.delete(SWITCH);
  await clock.pass();
  t.match(taken, [{ digest: digestOf(FIRST), at: undefined }]);
});

await t.test("while one waits, its moment holds though the source fails, or names that of the next one", async (t) => {
  const at = NOON + 50 * MINUTE;
  const { source, clock, puller, taken, results } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at })),
  );
  source.wrongBeside.push(answer(500, ""), (response) => {
    response.writeHead(200, { "Content-Length": "100" }).write("{");
    setImmediate(() => response.destroy());
  });
  await clock.pass();
  await clock.pass();
  source.files.set(SWITCH, switchText({ digest: digestOf(THIRD), at: at + MINUTE }));
  await clock.pass();
  t.same([taken, source.wrongBeside.length], [[], 0]);
  t.same(puller.state.waiting, { generation: generationOf(FIRST), at });
  while (taken.length === 0) await clock.pass();
  t.equal(taken[0]!.at, at);
  t.equal(results.filter(({ result }) => result === "failed").length, 0);
});

await t.test("where the moment cannot be had at first, it is asked for again", async (t) => {
  const at = NOON + 50 * MINUTE;
  const { source, clock, puller, taken, results } = await begin(t, SECOND, true, (s) => {
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at }));
    s.wrongBeside.push(answer(503, ""));
  });
  t.match(results, [{ result: "failed", reason: /index\.bin\.switch: it answers 503$/ }]);
  t.equal(puller.state.waiting, undefined);
  await clock.pass();
  t.same(puller.state.waiting, { generation: generationOf(FIRST), at });
  t.equal(source.askedForIndex.length, 2);
  t.match(source.askedForIndex[1]!.headers, { "if-none-match": /^"/ }, "the index is not brought again");
  while (taken.length === 0) await clock.pass();
  t.equal(taken[0]!.at, at);
});

await t.test("an end while the moment is asked for leaves nothing of the index", async (t) => {
  const source = await TestSource.open(t, FIRST);
  const folder = t.testdir();
  source.wrongBeside.push(() => undefined);
  const settings = {
    source: new IndexSource(new URL(source.url), undefined, {}),
    trust: { key: undefined, allowOlder: false },
    file: join(folder, "index.bin"),
    pollMs: MINUTE,
    maxBytes: 10_000_000,
    hasSwitch: true,
  };
  const target = {
    current: () => ({ digest: digestOf(SECOND), signature: undefined }),
    take: () => Promise.reject(new Error("it is not to be taken")),
  };
  const nothing = (): void => undefined;
  const puller = new Puller(settings, target, { onResult: nothing, onSwitch: nothing, onDropped: nothing });
  const ended = puller.run();
  await source.hasBeenAsked(2);
  t.equal(readdirSync(folder).length, 1);
  puller.stop();
  await ended;
  t.same(readdirSync(folder), []);
});

await t.test("without a right to see what is not there, a store has no moment, as one that says 404", async (t) => {
  const { taken, switches } = await begin(t, SECOND, true, (s) => s.wrongBeside.push(answer(403, "")));
  t.match([taken, switches], [[{ digest: digestOf(FIRST), at: undefined }], [/none is there/]]);
});

await t.test("a source that does not answer keeps no index from its moment", async (t) => {
  // Due 50 ms after the next poll, for which the source stands still.
  const { source, clock, taken, results } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: NOON + MINUTE + 5050 })),
  );
  source.wrong.push(() => undefined);
  while (taken.length === 0) await clock.pass();
  t.equal(taken[0]!.at, NOON + MINUTE + 5050);
  t.match(
    results.filter(({ result }) => result === "failed"),
    [{ reason: /it had not answered when an index was to be served$/ }],
  );
});

await t.test("an end while one waits leaves nothing of it", async (t) => {
  const { puller, folder, ended } = await begin(t, SECOND, true, (s) =>
    s.files.set(SWITCH, switchText({ digest: digestOf(FIRST), at: NOON + MINUTE })),
  );
  writeFileSync(join(folder, "index.bin"), "the one in place");
  puller.stop();
  await ended;
  t.same(readdirSync(folder), ["index.bin"]);
});
