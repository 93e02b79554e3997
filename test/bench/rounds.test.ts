import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Arm } from "../../bench/arm.js";
import { shapeOfAnswer } from "../../bench/same-answer.js";
import { requireSameAnswers } from "../../bench/rounds.js";
import { RunningArm, withServer } from "../../bench/running-arm.js";
import { PinnedProcess } from "../../bench/pinned-process.js";
import { missing } from "../needed-programs.js";
import { createServer } from "node:http";

const { signal } = new AbortController();

/** In this process; answers with 503 first, as a proxy does whose server is not there yet. */
function arm(t: Test, name: string, body: string, stopped: string[] = []): Arm {
  const visits = join(t.testdirName, "visits");
  return {
    name,
    label: name,
    visits,
    cores: [0],
    answersAs: "first",
    start: (port) => {
      let asked = 0;
      const server = createServer((_, response) => {
        response.writeHead(asked++ < 3 ? 503 : 200).end(body);
      }).listen(port, "127.0.0.1");
      return {
        processes: [],
        stop: async () => {
          stopped.push(name);
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
  };
}

function withVisits(t: Test): void {
  writeFileSync(join(t.testdir({}), "visits"), "/campaigns/7/\tlast_banner=1\n");
}

await t.test("arms that answer alike may be measured, and are stopped after each look", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  await requireSameAnswers([arm(t, "first", "1234", stopped), arm(t, "second", "5678", stopped)], signal);
  t.same(stopped, ["first", "second"]);
});

await t.test("a server is there when it answers with 200", async (t) => {
  withVisits(t);
  const asked = withServer(arm(t, "first", "1234"), signal, ({ port }) =>
    shapeOfAnswer(port, { path: "/", cookie: "" }),
  );
  t.equal((await asked).status, 200);
});

await t.test("an arm that answers otherwise is named, with what is not the same", async (t) => {
  withVisits(t);
  await t.rejects(requireSameAnswers([arm(t, "first", "1234"), arm(t, "other", "12345")], signal), {
    message: "other: its answer to /campaigns/7/ is not that of first: a body of 5 bytes, expected 4",
  });
});

await t.test("what fails names its arm, which is stopped all the same", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  const failing = withServer(arm(t, "first", "", stopped), signal, () => Promise.reject(new Error("no good")));
  await t.rejects(failing, { message: "first: no good" });
  t.same(stopped, ["first"]);
});

await t.test("an interrupted benchmark starts nothing more, and stops what runs", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  const interrupt = new AbortController();
  const first = arm(t, "first", "", stopped);
  const interrupted = withServer(first, interrupt.signal, () => {
    interrupt.abort(new Error("interrupted"));
    return Promise.reject(new Error("the load was killed"));
  });
  await t.rejects(interrupted, { message: "interrupted" });
  t.same(stopped, ["first"]);
  await t.rejects(
    withServer(first, interrupt.signal, () => Promise.resolve()),
    { message: "interrupted" },
  );
  t.same(stopped, ["first"]);
});

await t.test(
  "a server that ends before it answers is told by its complaint",
  { skip: missing("taskset") },
  async (t) => {
    withVisits(t);
    const broken: Arm = {
      ...arm(t, "broken", ""),
      start: (_, cores) => {
        const args = ["-e", "console.error('no such index'); process.exit(1)"];
        const process_ = new PinnedProcess({ command: process.execPath, args }, cores);
        return { processes: [process_], stop: () => process_.stop() };
      },
    };
    await t.rejects(
      withServer(broken, signal, () => Promise.resolve()),
      {
        message: "broken: it has ended before it answered: no such index",
      },
    );
  },
);

await t.test("a server that stands still ends as it would otherwise", { skip: missing("taskset") }, async (t) => {
  withVisits(t);
  const program = `process.once("SIGTERM", () => { console.log("ended"); process.exit(); });
    require("node:http").createServer((_, response) => response.end()).listen(process.argv[1], "127.0.0.1");`;
  let server: PinnedProcess | undefined;
  const served = await RunningArm.start(
    {
      ...arm(t, "first", ""),
      start: (port, cores) => {
        const started = new PinnedProcess({ command: process.execPath, args: ["-e", program, String(port)] }, cores);
        server = started;
        return { processes: [started], stop: () => started.stop() };
      },
    },
    signal,
  );
  served.pause();
  await served.stop();
  t.equal(await server!.output, "ended\n");
});
