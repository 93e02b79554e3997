import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import t from "tap";
import { memoryOf, processorTimes, timeBetween, treeOf } from "../../../bench/measure/process-times.js";

/** Has a child that, at each line of input, has a thread of its own work for 300 ms of processor time, and says so. */
const PARENT = `
const { spawn } = require("node:child_process");
spawn(process.execPath, ["-e", process.argv[1]], { stdio: "inherit" });
`;
const CHILD = `
const { Worker } = require("node:worker_threads");
const burn = "const end = process.cpuUsage().user + 300000; while (process.cpuUsage().user < end);";
require("node:readline").createInterface({ input: process.stdin }).on("line", () => {
  const worker = new Worker(burn + "setInterval(() => {}, 1000); require('node:worker_threads').parentPort.postMessage(0)", { eval: true });
  worker.once("message", () => console.log(process.pid));
});
`;

const skip = process.platform !== "linux" && "reads /proc";

await t.test("what a process and its children cost is found, in all of their threads", { skip }, async (t) => {
  const parent = spawn(process.execPath, ["-e", PARENT, CHILD], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: parent.stdout });
  const work = async (): Promise<number> => {
    const line = once(lines, "line");
    parent.stdin.write("\n");
    return Number((await line)[0]);
  };
  const child = await work();
  t.same(treeOf([parent.pid!]), [parent.pid, child]);
  t.same(treeOf([child]), [child]);
  t.same(treeOf([child, parent.pid!, child]).sort(), [parent.pid, child].sort());

  const before = processorTimes([parent.pid!, child]);
  t.ok([...before.keys()].some((thread) => thread.startsWith(`${parent.pid!}/`)));
  await work();
  const after = processorTimes([parent.pid!, child]);
  // The clocks of a process and of its threads are not the same ones, but they tell of the same work.
  t.ok(timeBetween(before, after) > 270e6, String(timeBetween(before, after)));
  t.equal(timeBetween(after, after), 0);

  const alone = memoryOf([child]);
  t.ok(alone > 10 * 2 ** 20, "what a runtime takes at least");
  const both = memoryOf([parent.pid!, child]);
  t.ok(both < alone + memoryOf([parent.pid!]), "what they have in common counts once");

  parent.stdin.end();
  process.kill(child);
  await once(parent, "close");
  t.same(treeOf([parent.pid!]), [parent.pid], "nobody is the child of a process that has gone");
  t.equal(processorTimes([parent.pid!, child]).size, 0);
  t.equal(memoryOf([parent.pid!]), 0);
});

await t.test("a thread that has gone costs nothing more, and a new one all that it has cost", (t) => {
  t.equal(
    timeBetween(
      new Map([
        ["1/1", 5],
        ["1/2", 7],
      ]),
      new Map([
        ["1/1", 9],
        ["1/3", 2],
      ]),
    ),
    6,
  );
  t.end();
});
