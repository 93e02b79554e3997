import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { closingOf, requireOneEach } from "../../bench/new-connections.js";
import { hasBegun, readCount, requireNoErrors, startWrk, type WrkCount, type WrkLoad } from "../../bench/wrk.js";
import { missing } from "../needed-programs.js";
import { listening } from "./listening.js";

const skip = missing("wrk", "taskset");
const CORE = 0;
const COUNT: WrkCount = {
  requests: 100,
  duration: 1_000_000,
  bytes: 5,
  errors: { connect: 0, read: 0, write: 0, timeout: 0, status: 0 },
};

/** Until enough has been asked. */
async function countOf(load: WrkLoad, isEnough: () => boolean): Promise<WrkCount> {
  const wrk = startWrk(load);
  while (!wrk.hasEnded && !(hasBegun(wrk) && isEnough())) await sleep(1);
  await wrk.stop("SIGINT");
  return readCount(await wrk.finish());
}

await t.test("wrk makes the visits of a file in their order, and counts the answers", { skip }, async (t) => {
  const asked: string[] = [];
  const { port } = await listening(t, ({ url, headers }, response) => {
    asked.push(`${url!} ${headers.cookie ?? "none"} ${headers.host!}`);
    response.end("good");
  });
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/one\tlast_banner=1; other=2\n/two\t\n/three\tlast_banner=3\n");
  const count = await countOf({ port, visits, connections: 1, core: CORE }, () => asked.length > 4);
  requireNoErrors(count);
  t.ok(asked.length - count.requests <= 1, "all but the last that was on its way when time was up");
  t.ok(count.duration > 0);
  t.ok(count.bytes > count.requests * "good".length);
  const host = `127.0.0.1:${port}`;
  // wrk takes the first one for itself before it starts.
  t.same(asked.slice(0, 4), [
    `/two none ${host}`,
    `/three last_banner=3 ${host}`,
    `/one last_banner=1; other=2 ${host}`,
    `/two none ${host}`,
  ]);
});

await t.test("each request can be asked to have a connection of its own", { skip }, async (t) => {
  let connections = 0;
  let keepsAlive = 0;
  const { server, port } = await listening(t, ({ headers }, response) => {
    if (headers.connection !== "close") keepsAlive++;
    response.end();
  });
  server.on("connection", () => connections++);
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/\t\n");
  const count = await countOf({ port, visits, connections: 2, core: CORE, closes: true }, () => connections > 4);
  requireOneEach(count, "says", 2);
  t.equal(keepsAlive, 0);
  t.ok(connections >= count.requests && connections - count.requests <= 3, `${connections} and ${count.requests}`);
});

await t.test("an answer that is no good one is an error", { skip }, async (t) => {
  let answers = 0;
  const { port } = await listening(t, (_, response) => {
    answers++;
    response.writeHead(404).end();
  });
  const visits = join(t.testdir({}), "visits");
  writeFileSync(visits, "/\t\n");
  const count = await countOf({ port, visits, connections: 1, core: CORE }, () => answers > 4);
  t.equal(count.errors.status, count.requests);
  t.throws(
    () => {
      requireNoErrors(count);
    },
    { message: `${count.requests} answers of 400 or above in ${count.requests} answers` },
  );
});

await t.test("what wrk writes is its counts, or a complaint", (t) => {
  t.same(readCount(`Running 1s test\n  and so on\n${JSON.stringify(COUNT)}\n`), COUNT);
  t.throws(() => readCount("unable to connect\n"), {
    message: 'wrk: got "unable to connect", expected a line of counts',
  });
  t.end();
});

await t.test("every kind of error is told, and no answer is one too", (t) => {
  const complaint = (change: Partial<WrkCount["errors"]>, allowed?: { read: number }): string => {
    try {
      requireNoErrors({ ...COUNT, errors: { ...COUNT.errors, ...change } }, allowed);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  t.equal(complaint({}), "");
  t.equal(complaint({ connect: 3, timeout: 1 }), "3 connect errors, 1 timeout errors in 100 answers");
  t.equal(complaint({ read: 5 }, { read: 5 }), "");
  t.equal(complaint({ read: 6 }, { read: 5 }), "1 read errors in 100 answers");
  t.throws(
    () => {
      requireNoErrors({ ...COUNT, requests: 0 });
    },
    { message: "no answer at all" },
  );
  t.end();
});

await t.test("where a server closes without a word, each answer has its closed connection", (t) => {
  const judged = (closing: "says" | "silent", read: number) => (): void => {
    requireOneEach({ ...COUNT, errors: { ...COUNT.errors, read } }, closing, 8);
  };
  t.doesNotThrow(judged("silent", 100));
  t.doesNotThrow(judged("silent", 92), "but for those that were open at the end");
  t.throws(judged("silent", 91), { message: "100 answers, and only 91 connections that the server has closed" });
  t.throws(judged("silent", 101), { message: "1 read errors in 100 answers" });
  t.doesNotThrow(judged("says", 0));
  t.throws(judged("says", 1), { message: "1 read errors in 100 answers" });
  t.end();
});

await t.test("how a server ends a connection is found out by asking", async (t) => {
  const visit = { path: "/", cookie: "" };
  const saying = await listening(t, (_, response) => {
    response.end();
  });
  t.equal(await closingOf(saying.port, visit), "says");
  const silent = await listening(t, (_, response) => {
    response.socket!.end("HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\nConnection: close\r\n\r\n");
  });
  t.equal(await closingOf(silent.port, visit), "silent");
});
