import t from "tap";
import { environment } from "../../bench/environment.js";

await t.test("the machine, the day and the versions are told", (t) => {
  const told = environment();
  t.ok(told.processor.length > 0);
  t.ok(told.cores >= 1 && told.memory >= 1);
  t.match(told.system, /, Linux \d/);
  t.match(told.date, /^\d{4}-\d\d-\d\d$/);
  t.equal(told.versions["Node.js"], process.versions.node);
  t.equal(told.versions["uWebSockets.js"], "3.0.6");
  if (told.commit !== undefined) t.match(told.commit, /^[0-9a-f]{10}\+?$/);
  t.end();
});
