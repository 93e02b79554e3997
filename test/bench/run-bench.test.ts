import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Contender } from "../../bench/contenders/contender.js";
import { PinnedProcess } from "../../bench/pinned-process.js";
import { FULL, type Plan } from "../../bench/plan.js";
import { readResults, writeResults } from "../../bench/results.js";
import { contenderNames, runBench, type Means } from "../../bench/run-bench.js";
import type { MeasureLatency } from "../../bench/round.js";
import { tablesOf } from "../../bench/table.js";
import { missing } from "../needed-programs.js";
import { smallIndex } from "../src/small-index.js";

const FAKE_SERVER = join(import.meta.dirname, "fake-server.js");
/** As short as wrk can. */
const PLAN: Plan = {
  ...FULL,
  rounds: 1,
  parts: ["side-by-side"],
  connections: 2,
  levels: [0.5, 0.8],
  sideBySide: { warmUp: 0.1, saturation: 1, newConnections: 1, latency: 0.1 },
  visits: { few: 10, many: 10, large: 10 },
};

/** All that were started. */
const servers: PinnedProcess[] = [];

/** How many of them are there and do not stand still. */
function working(): number {
  return servers.filter(
    ({ pid, hasEnded }) => !hasEnded && readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]![0] !== "T",
  ).length;
}

function fake(name: string, needs: readonly string[] = []): Contender {
  return {
    name,
    label: `Fake ${name}`,
    needs,
    start: (port, cores) => {
      const server = new PinnedProcess({ command: process.execPath, args: [FAKE_SERVER, String(port)] }, cores);
      servers.push(server);
      return { processes: [server], stop: () => server.stop() };
    },
  };
}

interface Fakes extends Means {
  readonly prepared: string[];
  readonly loads: Parameters<MeasureLatency>[0][];
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
    makeStage: async (folder) => {
      await mkdir(folder);
      const index = join(folder, "index.bin");
      writeFileSync(index, smallIndex([1, 2, 3, 4].map((period) => ({ period, campaign: 7, converting: [1, 2] }))));
      return { folder, data: folder, index };
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
    billboardOn: () => (port, cores) => fake("billboard").start(port, cores),
    findProgram: (name) => (name.startsWith("no-such") ? undefined : name),
    measurePauses: (cores, seconds) => Promise.resolve({ p50: 0, p99: cores.length, p999: seconds, max: 9 }),
    measureLatency: (load) => {
      loads.push(load);
      atWork.push(working());
      const sent = Math.round(load.rate * load.seconds);
      return Promise.resolve({
        p50: 1,
        p99: 2,
        p999: 3,
        max: 4,
        answered: sent,
        began: 0,
        bySecond: [],
        generatorBusy: 0.5,
        latestSend: 5,
      });
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
  signal = new AbortController().signal,
): Promise<{
  results: Awaited<ReturnType<typeof runBench>>;
  told: string[];
}> {
  const told: string[] = [];
  const folder = t.testdir({});
  const request = { plan: PLAN, only, out: folder, writesDocs: false };
  const results = await runBench(request, means, { cores: CORES, folder, signal, tell: (what) => told.push(what) });
  return { results, told };
}

await t.test("all contenders that can be measured are, and the others are named", { skip }, async (t) => {
  const means = fakes();
  const { results, told } = await run(t, undefined, means);
  t.same(results.absent, [{ label: "Fake absent", missing: ["no-such-program"] }]);
  t.same(means.prepared, ["slow with an index"]);
  const [group] = results.groups;
  t.same(group!.comparisons, [
    {
      part: "side-by-side",
      arms: ["billboard", "slow", "billboard-again"].map((name) => ({ name, label: `Fake ${name}` })),
    },
  ]);
  const labels = ["billboard", "slow", "billboard-again"].map((name) => `Fake ${name}`);
  t.same(
    told.filter((line) => line.startsWith("round 1 of 1: ")).map((line) => line.slice("round 1 of 1: ".length)),
    [...labels.map((label) => `starting ${label}`), "all in turns", ...labels.map((label) => `${label} alone`)],
  );
  t.equal(group!.rounds.length, PLAN.rounds);
  t.same(group!.pauses, [{ p50: 0, p99: 2, p999: PLAN.sideBySide.latency, max: 9 }]);
  for (const [name, { start, memory, saturation, newConnections, latency }] of Object.entries(group!.rounds[0]!)) {
    t.ok(start > 0 && memory > 2 ** 20, `${name} has been started`);
    t.ok(saturation.requestsPerSecond > 0 && saturation.processorTime > 0, `${name} has answered`);
    t.ok(newConnections !== undefined && newConnections.processorTime > 0, `${name} has taken connections`);
    const rate = Math.max(1, Math.round(saturation.requestsPerSecond / 2));
    t.match(latency[0], { level: 0.5, rate, p99: 2 });
    t.equal(latency.length, 2);
  }
  t.same(
    means.loads.map(({ seconds, connections }) => [seconds, connections]),
    Array.from({ length: 6 }, () => [0.1, 2]),
  );
  t.same([...new Set(means.working)], [1], "the others stand still");
  const visits = readFileSync(means.loads[0]!.visits, "utf8");
  t.match(visits, /^(\/campaigns\/7\/\tlast_banner=[12]\n){10}$/);

  await writeResults(results, join(t.testdirName, "out"));
  const read = await readResults(join(t.testdirName, "out"));
  t.same(tablesOf(read), tablesOf(results), "what is read again says the same");
  t.match(tablesOf(read).readme, /^\| Fake slow +\|/m);
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

await t.test("without wrk it ends at once, and says how to install it", { skip }, async (t) => {
  const findProgram = (name: string): string | undefined => (name === "wrk" ? undefined : name);
  await t.rejects(run(t, undefined, { ...fakes(), findProgram }), {
    message: "wrk is not installed, which drives the servers: install it, on Debian with apt-get install wrk",
  });
});

await t.test("an interruption ends it, with its reason", { skip }, async (t) => {
  const interrupt = new AbortController();
  const means = fakes();
  const interrupting: Means = {
    ...means,
    measureLatency: (load) => {
      interrupt.abort(new Error("interrupted"));
      return means.measureLatency(load);
    },
  };
  await t.rejects(run(t, ["billboard"], interrupting, interrupt.signal), { message: "interrupted" });
  t.equal(means.loads.length, 1);
});

await t.test("results that are not there are asked for in one line", async (t) => {
  await t.rejects(readResults(t.testdir({})), {
    message: /^.*bench\.json: cannot be read as results: .*: measure first, with npm run bench$/,
  });
});

await t.test("the contenders have names before there is anything to serve", (t) => {
  t.same(contenderNames(fakes()), ["billboard", "slow", "absent", "billboard-again"]);
  t.end();
});
