import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { freePort } from "../../bench/first-answer.js";
import { PinnedProcess } from "../../bench/pinned-process.js";
import { drive, limitOf, type Limit, type Load } from "../../bench/saturation.js";
import { pause } from "../../bench/turns.js";
import { missing } from "../needed-programs.js";

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

const skip = missing("wrk", "taskset");
const FAKE_SERVER = join(import.meta.dirname, "fake-server.js");
const CORE = 0;

/** A load on a server in a process of its own, which does not listen yet. */
async function fakeLoad(t: Test, visits = "/\t\n"): Promise<{ load: Load; server: PinnedProcess }> {
  const port = await freePort();
  const file = join(t.testdir({}), "visits");
  writeFileSync(file, visits);
  const server = new PinnedProcess({ command: process.execPath, args: [FAKE_SERVER, String(port)] }, [CORE]);
  t.teardown(() => server.stop("SIGKILL"));
  const load = { served: { processes: [server], cores: [CORE] }, port, visits: file, connections: 2, core: CORE };
  return { load, server };
}

async function listens({ port }: Load): Promise<void> {
  for (let listens = false; !listens;)
    listens = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
}

function stateOf({ pid }: PinnedProcess): string {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]![0]!;
}

await t.test("several servers work in turns, and stand still before and after", { skip }, async (t) => {
  const fakes = [await fakeLoad(t), await fakeLoad(t), await fakeLoad(t)];
  for (const { load, server } of fakes) {
    await listens(load);
    pause([server.pid]);
  }
  const outcomes = await drive(
    fakes.map(({ load }) => load),
    0.2,
    new AbortController().signal,
  );
  t.same(
    fakes.map(({ server }) => stateOf(server)),
    ["T", "T", "T"],
  );
  const saturations = await Promise.all(outcomes.map((outcome) => outcome()));
  for (const { requestsPerSecond, processorTime, serverBusy, generatorBusy } of saturations) {
    t.ok(processorTime > 0);
    t.ok(serverBusy > 0 && generatorBusy > 0);
    const ratio = (requestsPerSecond * processorTime) / 1e6 / serverBusy;
    t.ok(ratio > 0.6 && ratio < 1.5, `requests and busyness are both of its own turns: ${ratio}`);
  }
});

await t.test("one that is alone goes on afterwards", { skip }, async (t) => {
  const { load, server } = await fakeLoad(t);
  await listens(load);
  const [outcome] = await drive([load], 0.1, new AbortController().signal);
  t.ok((await outcome!()).requestsPerSecond > 0);
  t.not(stateOf(server), "T");
  await t.rejects(
    outcome!(({ requests }) => {
      throw new Error(`judged ${requests > 0}`);
    }),
    { message: "judged true" },
  );
});

await t.test("where wrk fails, what it complains of is the outcome", { skip }, async (t) => {
  const { load, server } = await fakeLoad(t);
  await server.stop("SIGKILL");
  const [outcome] = await drive([load], 0.1, new AbortController().signal);
  await t.rejects(outcome!(), { message: /unable to connect|expected a line of counts/ });
});

await t.test("an interruption ends the load", { skip }, async (t) => {
  const { load } = await fakeLoad(t);
  await listens(load);
  const interrupt = new AbortController();
  const driven = drive([load], 60, interrupt.signal);
  interrupt.abort(new Error("interrupted"));
  await t.rejects(driven, { message: "interrupted" });
});
