import t from "tap";
import { orderOf, share, take, type Job } from "../../../build/read/jobs.js";

const jobsOf = (...kinds: Job["file"]["kind"][]): Job[] =>
  kinds.map((kind, at) => ({ task: "read", file: { kind, path: String(at) } }));

await t.test("other threads take files of impressions last, and those from the last on", (t) => {
  const jobs = jobsOf("clicks", "clicks", "conversions", "impressions", "statistics", "impressions", "impressions");
  t.strictSame([...orderOf({ jobs })], [0, 1, 2, 4, 6, 5, 3]);
  t.end();
});

await t.test("each job is taken once", (t) => {
  const shared = share(jobsOf("clicks", "impressions"), 7);
  t.equal(shared.first, 7);
  t.ok(take(shared, 1));
  t.notOk(take(shared, 1));
  t.ok(take(shared, 0));
  t.end();
});
