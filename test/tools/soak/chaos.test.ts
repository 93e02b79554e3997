import t from "tap";
import { soak } from "./soak.js";

await t.test("a server survives a minute of faults", async (t) => {
  const { code, stdout, stderr } = await soak(t.testdir({}), "--faults", "60", "--connections", "16", "--seed", "7");
  t.comment(stdout);
  t.same([code, stderr], [0, ""]);
  for (const came of ["replaced", "refused", "unchanged", "a worker stands still", "no descriptors are left"])
    t.match(stdout, new RegExp(`^[1-9]\\d* +${came}$`, "m"), came);
  t.match(stdout, /^[1-9]\d* +log lines dropped$/m);
});
