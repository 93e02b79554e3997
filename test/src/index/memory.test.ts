import { setImmediate as nextTurn } from "node:timers/promises";
import t from "tap";
import type { IndexParts } from "../../../src/index/format.js";
import { freeOld, noteMemory, requireFreed } from "../../../src/index/memory.js";

const MIB = 2 ** 20;
const SIZE = 64 * MIB;

function newParts(): IndexParts {
  const parts = [new Uint8Array(new SharedArrayBuffer(SIZE)).fill(1)];
  noteMemory(parts);
  return parts;
}

await t.test("the memory is given back to the system when the collection ends, not some time after it", async (t) => {
  const served = newParts();
  for (let index = 0; index < 20; index++) {
    newParts();
    await nextTurn();
    const before = process.memoryUsage.rss();
    t.ok(freeOld(served));
    t.ok(before - process.memoryUsage.rss() > SIZE - 8 * MIB, "at once");
  }
});

await t.test("an index that is held is waited for, some seconds, and then said to be in memory", async (t) => {
  const served = newParts();
  const former = [newParts()];
  await t.rejects(requireFreed(served), { message: /is still in memory: reload again$/ });
  t.notOk(freeOld(served));
  const freed = requireFreed(served);
  await nextTurn();
  former.length = 0;
  await freed;
  t.ok(freeOld(served));
});
