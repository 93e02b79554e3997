import t from "tap";
import { PinnedProcess } from "../../../bench/pinned-process.js";
import { measurePauses } from "../../../bench/pauses/measure-pauses.js";
import { missing } from "../../needed-programs.js";

const skip = missing("taskset");
const CORE = 0;

await t.test("a program that has the core to itself for a while is seen", { skip }, async (t) => {
  // As long a pause as it takes turns with the one that watches.
  const busy = new PinnedProcess({ command: process.execPath, args: ["-e", "for (;;);"] }, [CORE]);
  try {
    const { p50, p99, p999, max } = await measurePauses([CORE, CORE], 0.5);
    t.ok(max >= p999 && p999 >= p99 && p99 >= p50);
    t.ok(max > 100, `${max} µs`);
  } finally {
    await busy.stop("SIGKILL");
  }
});
