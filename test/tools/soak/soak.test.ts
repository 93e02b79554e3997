import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { hasPassed, summary, type SoakFigures } from "../../../tools/soak/run.js";
import { soak } from "./soak.js";

await t.test("a short soak passes, and leaves nothing behind", async (t) => {
  const folder = t.testdir({});
  const { code, stdout, stderr } = await soak(folder, "--requests", "60000", "--reloads", "40");
  t.same([code, stderr], [0, ""]);
  t.match(
    stdout,
    /^requests {8}60000\nreloads {9}40\nmemory .* MiB at the end: [01]\.\d{3} times\nresult {10}passed\n$/,
  );
  t.same(readdirSync(folder), []);
});

await t.test("data that are not there, help and wrong usage", async (t) => {
  const folder = t.testdir({});
  const failed = await soak(folder, "--data", join(folder, "none"));
  t.equal(failed.code, 1);
  t.match(failed.stderr, /^npm run soak: .*none.*\n$/);
  t.same(readdirSync(folder), []);
  t.match(await soak(folder, "--help"), { code: 0, stdout: /^Asks and reloads.*\n\nUsage: npm run soak/ });
  for (const [option, value] of [
    ["--reloads", "9"],
    ["--requests", "63"],
    ["--connections", "0"],
    ["--requests", "many"],
  ] as const)
    t.match(await soak(folder, option, value), {
      code: 2,
      stderr: new RegExp(`^npm run soak: ${option}: got "${value}"`),
    });
});

await t.test("an error, or memory that grows by more than a tenth, is no pass", (t) => {
  const figures: SoakFigures = { requests: 10, reloads: 1, errors: [], memoryEarly: 100 << 20, memoryLate: 110 << 20 };
  t.ok(hasPassed(figures));
  t.match(
    summary(figures),
    /100\.0 MiB after the first tenth, 110\.0 MiB at the end: 1\.100 times\nresult {10}passed\n$/,
  );
  const grown = { ...figures, memoryLate: 111 << 20 };
  t.notOk(hasPassed(grown));
  t.match(summary(grown), /result {10}failed\n$/);
  const failed = { ...figures, errors: ["turn 3: refused"] };
  t.notOk(hasPassed(failed));
  t.match(summary(failed), /\nerror {11}turn 3: refused\nresult {10}failed\n$/);
  t.end();
});
