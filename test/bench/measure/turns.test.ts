import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import t from "tap";
import { inOrderOf, pause, resume, takeTurns, type Turning } from "../../../bench/measure/turns.js";

const { signal } = new AbortController();

/** Works for so many turns, and tells when it is paused and resumed. */
function worker(name: string, turns: number, told: string[]): Turning {
  let left = turns;
  return {
    get isOver() {
      return left === 0;
    },
    pause: () => told.push(`${name} stands`),
    resume: () => {
      left--;
      told.push(`${name} works`);
    },
  };
}

await t.test("every other round goes the other way", (t) => {
  t.same(inOrderOf(1, ["a", "b", "c"]), ["a", "b", "c"]);
  t.same(inOrderOf(2, ["a", "b", "c"]), ["c", "b", "a"]);
  t.same(inOrderOf(3, ["a", "b", "c"]), ["a", "b", "c"]);
  t.end();
});

await t.test("one works while the others stand still, and all do so at the end", async (t) => {
  const told: string[] = [];
  await takeTurns([worker("a", 2, told), worker("b", 1, told), worker("c", 2, told)], signal);
  const turns = ["a", "b", "c"].flatMap((name) => [`${name} works`, `${name} stands`]);
  // The second round begins with c, who goes on without a pause and so still has a turn in the third.
  t.same(told, [...turns, ...["a", "c"].flatMap((name) => [`${name} works`, `${name} stands`])]);
});

await t.test("one that is alone stands still at the end only", async (t) => {
  const told: string[] = [];
  let looks = 0;
  const alone: Turning = {
    ...worker("a", 1, told),
    get isOver() {
      return looks++ > 3;
    },
  };
  await takeTurns([alone], signal);
  t.same(told, ["a works", "a stands"]);
});

await t.test("an interruption ends it", async (t) => {
  const interrupt = new AbortController();
  const told: string[] = [];
  const first = worker("a", 5, told);
  const interrupting: Turning = {
    ...worker("b", 5, told),
    resume: () => {
      interrupt.abort(new Error("interrupted"));
    },
  };
  await t.rejects(takeTurns([first, interrupting], interrupt.signal), { message: "interrupted" });
  t.same(told, ["a works", "a stands"]);
});

await t.test(
  "a process stands still until it goes on",
  { skip: process.platform !== "linux" && "reads /proc" },
  async (t) => {
    const child = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
    const state = (): string => readFileSync(`/proc/${child.pid!}/stat`, "utf8").split(") ")[1]![0]!;
    await once(child, "spawn");
    pause([child.pid!]);
    while (state() !== "T") await new Promise((resolve) => setTimeout(resolve, 1));
    resume([child.pid!]);
    child.stdin.end("went on");
    t.equal(String((await once(child.stdout, "data"))[0]), "went on");
    await once(child, "close");
    t.doesNotThrow(() => {
      pause([child.pid!]);
      resume([child.pid!]);
    }, "one that has ended stays so");
  },
);
