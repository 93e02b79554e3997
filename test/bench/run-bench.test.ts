import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import type { Contender } from "../../bench/contenders/contender.js";
import { PinnedProcess } from "../../bench/measure/pinned-process.js";
import { stateOf } from "../../bench/measure/process-times.js";
import { startedOf } from "../../bench/measure/running-server.js";
import { FULL, type Plan } from "../../bench/plan.js";
import { readResults, writeResults } from "../../bench/results.js";
import { tablesOf } from "../../bench/report/tables.js";
import type { Results } from "../../bench/results.js";
import { runBench, type Means } from "../../bench/run-bench.js";
import { missing } from "../needed-programs.js";
import { smallIndex } from "../src/small-index.js";

const FAKE_SERVER = join(import.meta.dirname, "measure/fake-server.js");
const PLAN: Plan = {
  ...FULL,
  rounds: 1,
  parts: ["side-by-side"],
  connections: 2,
  levels: [0.5, 0.8],
  sideBySide: { warmUp: 0.1, saturation: 0.3, latency: 0.1 },
  visits: { few: 10, many: 10, large: 10 },
};

/** All that were started. */
const servers: PinnedProcess[] = [];

/** How many of them are there and are not paused. */
function working(): number {
  return servers.filter(({ pid, hasEnded }) => !hasEnded && stateOf(pid) !== "T").length;
}

function fake(name: string, needs: readonly string[] = []): Contender {
  return {
    name,
    label: `Fake ${name}`,
    needs,
    start: (port, core) => {
      const server = PinnedProcess.ofTask(FAKE_SERVER, port, [core]);
      servers.push(server);
      return startedOf(server);
    },
  };
}

interface Fakes extends Means {
  readonly prepared: string[];
  readonly loads: Parameters<Means["measureLatency"]>[0][];
  /** How many servers worked when a latency was measured. */
  readonly working: number[];
}

function fakes(): Fakes {
  const prepared: string[] = [];
  const loads: Fakes["loads"] = [];
  const atWork: number[] = [];
  return {
    prepared,
    loads,
    working: atWork,
    makeFixture: async (folder) => {
      await mkdir(folder);
      const index = join(folder, "index.bin");
      writeFileSync(index, smallIndex([1, 2, 3, 4].map((period) => ({ period, campaign: 7, converting: [1, 2] }))));
      return { folder, data: folder, index, page: { body: "", headers: [] } };
    },
    contendersOf: ({ index }) => [
      fake("billboard"),
      {
        ...fake("slow"),
        prepare: () => {
          prepared.push(`slow with ${existsSync(index) ? "an index" : "none"}`);
          return Promise.resolve();
        },
      },
      fake("absent", ["taskset", "no-such-program"]),
      fake("billboard-again"),
    ],
    measureLatency: async (load) => {
      loads.push(load);
      // One that waits for a core is told to pause when it has one.
      while (working() > 1) await sleep(1);
      atWork.push(working());
      const sent = Math.round(load.rate * load.seconds);
      return {
        p50: 1,
        p99: 2,
        p999: 3,
        max: 4,
        answered: sent,
        began: 0,
        bySecond: [],
        generatorBusy: 0.5,
        latestSend: 5,
      };
    },
  };
}

/** Who shares a core is slow, and that does not matter here. */
const CORES = { serving: 0, driving: 0, all: [0] };

const skip = missing("wrk", "taskset");

async function run(
  t: Test,
  only: readonly string[] | undefined,
  means: Means,
  { plan = PLAN, signal = new AbortController().signal } = {},
): Promise<{
  results: Results;
  logged: string[];
}> {
  const logged: string[] = [];
  const folder = t.testdir({});
  const log = (what: string): void => void logged.push(what);
  const results = await runBench({ plan, only, folder }, { cores: CORES, signal, log }, means);
  return { results, logged };
}

await t.test("all contenders that can be measured are, and the others are named", { skip }, async (t) => {
  const means = fakes();
  const { results, logged } = await run(t, undefined, means);
  t.same(results.absent, [{ label: "Fake absent", missing: ["no-such-program"] }]);
  t.same(means.prepared, ["slow with an index"]);
  const [group] = results.groups;
  t.same(group!.comparisons, [
    {
      part: "side-by-side",
      servers: ["billboard", "slow", "billboard-again"].map((name) => ({ name, label: `Fake ${name}` })),
    },
  ]);
  const labels = ["billboard", "slow", "billboard-again"].map((name) => `Fake ${name}`);
  t.same(
    logged.filter((line) => line.startsWith("round 1 of 1: ")).map((line) => line.slice("round 1 of 1: ".length)),
    [...labels.map((label) => `starting ${label}`), "all in turns", ...labels.map((label) => `${label} alone`)],
  );
  t.equal(group!.rounds.length, PLAN.rounds);
  for (const [name, { start, memory, saturation, latency }] of Object.entries(group!.rounds[0]!)) {
    t.ok(start > 0 && memory > 2 ** 20, `${name} has been started`);
    t.ok(saturation.requestsPerSecond > 0 && saturation.processorTime > 0, `${name} has answered`);
    const rate = Math.max(1, Math.round(saturation.requestsPerSecond / 2));
    t.match(latency[0], { level: 0.5, rate, p99: 2 });
    t.equal(latency.length, 2);
  }
  t.same(
    means.loads.map(({ seconds, connections }) => [seconds, connections]),
    Array.from({ length: 6 }, () => [0.1, 2]),
  );
  t.same([...new Set(means.working)], [1], "the others are paused");
  const visits = readFileSync(means.loads[0]!.visits, "utf8");
  t.match(visits, /^(\/campaigns\/7\/\tlast_banner=[12]\n){10}$/);

  await writeResults(results, join(t.testdirName, "out"));
  const read = await readResults(join(t.testdirName, "out"));
  t.equal(tablesOf(read), tablesOf(results), "what is read again says the same");
  t.match(tablesOf(read), /^\| Fake slow +\|/m);
});

await t.test(
  "Billboard is measured whoever else is wanted, since it is what they are held against",
  { skip },
  async (t) => {
    const { results } = await run(t, [], fakes());
    t.same(Object.keys(results.groups[0]!.rounds[0]!), ["billboard", "billboard-again"]);
    t.same(results.absent, [], "nobody asked for it");
  },
);

await t.test("an interruption ends it, with its reason", { skip }, async (t) => {
  const interrupt = new AbortController();
  const means = fakes();
  const interrupting: Means = {
    ...means,
    measureLatency: (load, core) => {
      interrupt.abort(new Error("interrupted"));
      return means.measureLatency(load, core);
    },
  };
  await t.rejects(run(t, ["billboard"], interrupting, { signal: interrupt.signal }), { message: "interrupted" });
  t.equal(means.loads.length, 1);
});

await t.test("results that are not there are asked for in one line", async (t) => {
  await t.rejects(readResults(t.testdir({})), {
    message: /^.*bench\.json: cannot be read as results: .*: measure first, with npm run bench$/,
  });
});

await t.test("where a later round fails, the rounds before it are kept, and why it failed", { skip }, async (t) => {
  const means = fakes();
  const failing: Means = {
    ...means,
    measureLatency: (load, core) => {
      if (means.loads.length === 4) return Promise.reject(new Error("status 500, expected 200"));
      return means.measureLatency(load, core);
    },
  };
  const plan = { ...PLAN, rounds: 3 };
  const { results } = await run(t, [], failing, { plan });
  t.match(results.error, /^billboard(-again)?: status 500, expected 200$/);
  t.equal(results.groups[0]!.rounds.length, 1);
  t.same(Object.keys(results.groups[0]!.rounds[0]!), ["billboard", "billboard-again"]);
});
