import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import { PinnedProcess } from "../../../bench/measure/pinned-process.js";
import { stateOf } from "../../../bench/measure/process-times.js";
import { RunningServer, startedOf, type Server } from "../../../bench/measure/running-server.js";
import { drive, limitOf, type Limit } from "../../../bench/measure/saturation.js";
import { spreadOf } from "../../../bench/statistics.js";
import { missing } from "../../needed-programs.js";

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
    t.equal(limitOf(serverBusy, generatorBusy), limit, `${serverBusy} ${generatorBusy}`);
  t.end();
});

const skip = missing("wrk", "taskset");
const FAKE_SERVER = join(import.meta.dirname, "fake-server.js");
const CORE = 0;
const LOAD = { connections: 2, core: CORE };
const { signal } = new AbortController();

async function fake(t: Test): Promise<{ running: RunningServer; process: PinnedProcess }> {
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/\t\n");
  let process: PinnedProcess | undefined;
  const server: Server = {
    name: "fake",
    label: "Fake",
    visits,
    start: (port, core) => startedOf((process = PinnedProcess.ofTask(FAKE_SERVER, port, [core]))),
  };
  const running = await RunningServer.start(server, CORE, signal);
  t.teardown(() => process!.stop("SIGKILL"));
  return { running, process: process! };
}

await t.test("several servers work in turns, and are paused before and after", { skip }, async (t) => {
  // To count the turns of the others makes it six times as much, or a sixth.
  const fakes = [];
  for (let count = 0; count < 6; count++) fakes.push(await fake(t));
  for (const { running } of fakes) running.pause();
  const servers = fakes.map(({ running }) => running);
  const driven = await drive(servers, LOAD, 0.2, signal);
  // A process that waits for a core is told to stop when it has one.
  for (const { process } of fakes) while (stateOf(process.pid) !== "T") await sleep(1);
  for (const { processorTime, serverBusy, generatorBusy } of driven) {
    t.ok(processorTime > 0);
    t.ok(serverBusy > 0 && generatorBusy > 0);
  }
  const ratios = driven.map((of) => (of.requestsPerSecond * of.processorTime) / 1e6 / of.serverBusy);
  const ratio = spreadOf(ratios).median;
  t.ok(ratio > 0.4 && ratio < 2.5, `requests and busyness are both of its own turns: ${ratio}`);
});

await t.test("one that is alone may work when it is driven, and is paused afterwards", { skip }, async (t) => {
  const { running, process } = await fake(t);
  const [driven] = await drive([running], LOAD, 0.1, signal);
  t.ok(driven!.requestsPerSecond > 0);
  while (stateOf(process.pid) !== "T") await sleep(1);
});

await t.test("where wrk fails, what it complains of is told, with the server's name", { skip }, async (t) => {
  const { running, process } = await fake(t);
  await process.stop("SIGKILL");
  await t.rejects(drive([running], LOAD, 0.1, signal), {
    message: /^fake: .*(unable to connect|expected a line of counts)/,
  });
});

await t.test("an interruption ends the load", { skip }, async (t) => {
  const { running } = await fake(t);
  const interrupt = new AbortController();
  const driven = drive([running], LOAD, 60, interrupt.signal);
  interrupt.abort(new Error("interrupted"));
  await t.rejects(driven, { message: "interrupted" });
});
