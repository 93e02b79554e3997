import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { hasBegun, readCount, startWrk, type WrkCount, type WrkLoad } from "../../../bench/measure/wrk.js";
import { missing } from "../../needed-programs.js";
import { listening } from "./listening.js";

const skip = missing("wrk", "taskset");
const CORE = 0;
const COUNT: WrkCount = {
  requests: 100,
  duration: 1_000_000,
  errors: { connect: 0, read: 0, write: 0, timeout: 0, status: 0 },
};

/** Until enough has been asked. */
async function countOf(load: WrkLoad, isEnough: () => boolean): Promise<WrkCount> {
  const wrk = startWrk(load);
  while (!wrk.hasEnded && !(hasBegun(wrk) && isEnough())) await sleep(1);
  await wrk.stop("SIGINT");
  return readCount(await wrk.finish());
}

await t.test("wrk makes the visits of a file in their order, and counts the responses", { skip }, async (t) => {
  const asked: string[] = [];
  const { port } = await listening(t, ({ url, headers }, response) => {
    asked.push(`${url!} ${headers.cookie ?? "none"} ${headers.host!}`);
    response.end("good");
  });
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/one\tlast_banner=1; other=2\n/two\t\n/three\tlast_banner=3\n");
  const count = await countOf({ port, visits, connections: 1, core: CORE }, () => asked.length > 4);
  t.ok(asked.length - count.requests <= 1, "all but the last that was on its way when time was up");
  t.ok(count.duration > 0);
  const host = `127.0.0.1:${port}`;
  // wrk takes the first one for itself before it starts.
  t.same(asked.slice(0, 4), [
    `/two none ${host}`,
    `/three last_banner=3 ${host}`,
    `/one last_banner=1; other=2 ${host}`,
    `/two none ${host}`,
  ]);
});

await t.test("a response that is no good one is an error", { skip }, async (t) => {
  let responses = 0;
  const { port } = await listening(t, (_, response) => {
    responses++;
    response.writeHead(404).end();
  });
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/\t\n");
  await t.rejects(
    countOf({ port, visits, connections: 1, core: CORE }, () => responses > 4),
    { message: /^(\d+) responses of 400 or above in \1 responses$/ },
  );
});

await t.test("what wrk writes is its counts, or an error", (t) => {
  t.same(readCount(`Running 1s test\n  and so on\n${JSON.stringify(COUNT)}\n`), COUNT);
  t.throws(() => readCount("unable to connect\n"), {
    message: 'wrk: got "unable to connect", expected a line of counts',
  });
  const errors = { ...COUNT.errors, connect: 3, timeout: 1 };
  t.throws(() => readCount(JSON.stringify({ ...COUNT, errors })), {
    message: "3 connect errors, 1 timeout errors in 100 responses",
  });
  const silent = { ...COUNT, requests: 0 };
  t.same(readCount(JSON.stringify(silent)), silent, "a machine that is busy may leave a server no time");
  t.end();
});
