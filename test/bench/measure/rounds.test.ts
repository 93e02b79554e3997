import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import t, { type Test } from "tap";
import { responseTo } from "../../../bench/measure/same-response.js";
import { measureRounds, requireSameResponses } from "../../../bench/measure/rounds.js";
import { RunningServer, withServer, type Server } from "../../../bench/measure/running-server.js";
import { PinnedProcess } from "../../../bench/measure/pinned-process.js";
import { missing } from "../../needed-programs.js";

const { signal } = new AbortController();
const CORE = 0;
const CORES = { serving: CORE };

/** In this process; answers with 503 first, as a proxy does whose server is not there yet. */
function serverOf(t: Test, name: string, body: string, stopped: string[] = []): Server {
  const visits = join(t.testdirName, "visits");
  return {
    name,
    label: name,
    visits,
    respondsAs: "first",
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

await t.test("servers that answer alike may be measured, and are stopped after each look", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  await requireSameResponses(
    [serverOf(t, "first", "1234", stopped), serverOf(t, "second", "5678", stopped)],
    CORES,
    signal,
  );
  t.same(stopped, ["first", "second"]);
});

await t.test("a server is there when it answers with 200", async (t) => {
  withVisits(t);
  const asked = withServer(serverOf(t, "first", "1234"), CORE, signal, ({ port }) =>
    responseTo(port, { path: "/", cookie: "" }),
  );
  t.equal((await asked).status, 200);
});

await t.test("a server that answers otherwise is named, with what is not the same", async (t) => {
  withVisits(t);
  await t.rejects(requireSameResponses([serverOf(t, "first", "1234"), serverOf(t, "other", "12345")], CORES, signal), {
    message: "other: its response to /campaigns/7/ is not that of first: a body of 5 bytes, expected 4",
  });
});

await t.test("what fails names its server, which is stopped all the same", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  const failing = withServer(serverOf(t, "first", "", stopped), CORE, signal, () =>
    Promise.reject(new Error("no good")),
  );
  await t.rejects(failing, { message: "first: no good" });
  t.same(stopped, ["first"]);
});

await t.test(
  "one that answers nothing is named once it is measured",
  { skip: missing("taskset", "wrk") },
  async (t) => {
    withVisits(t);
    const silent: Server = {
      ...serverOf(t, "silent", ""),
      start: (port) => {
        let asked = 0;
        const server = createServer((_, response) => {
          if (asked++ === 0) response.end();
        }).listen(port, "127.0.0.1");
        return {
          processes: [],
          stop: () => {
            server.closeAllConnections();
            return new Promise((resolve) =>
              server.close(() => {
                resolve();
              }),
            );
          },
        };
      },
    };
    const measuring = {
      cores: { all: [CORE], serving: CORE, driving: CORE },
      measureLatency: () => Promise.reject(new Error("latency is not measured")),
      signal,
      log: () => undefined,
    };
    const durations = { warmUp: 0.05, saturation: 0.1, latency: 1 };
    const rounds = measureRounds([silent], durations, { rounds: 1, connections: 2, levels: [0.5] }, measuring);
    await t.rejects(rounds.next(), { message: "silent: no response at all" });
  },
);

await t.test("an interrupted benchmark starts nothing more, and stops what runs", async (t) => {
  withVisits(t);
  const stopped: string[] = [];
  const interrupt = new AbortController();
  const first = serverOf(t, "first", "", stopped);
  const interrupted = withServer(first, CORE, interrupt.signal, () => {
    interrupt.abort(new Error("interrupted"));
    return Promise.reject(new Error("the load was killed"));
  });
  await t.rejects(interrupted, { message: "interrupted" });
  t.same(stopped, ["first"]);
  await t.rejects(
    withServer(first, CORE, interrupt.signal, () => Promise.resolve()),
    { message: "interrupted" },
  );
  t.same(stopped, ["first"]);
});

await t.test(
  "a server that ends before it answers is told by its last error",
  { skip: missing("taskset") },
  async (t) => {
    withVisits(t);
    const broken: Server = {
      ...serverOf(t, "broken", ""),
      start: (_, core) => {
        const args = ["-e", "console.error('no such index'); process.exit(1)"];
        const process_ = new PinnedProcess({ command: process.execPath, args }, [core]);
        return { processes: [process_], stop: () => process_.stop() };
      },
    };
    await t.rejects(
      withServer(broken, CORE, signal, () => Promise.resolve()),
      {
        message: "broken: it has ended before it answered: no such index",
      },
    );
  },
);

await t.test("a paused server ends as it would otherwise", { skip: missing("taskset") }, async (t) => {
  withVisits(t);
  const program = `process.once("SIGTERM", () => { console.log("ended"); process.exit(); });
    require("node:http").createServer((_, response) => response.end()).listen(process.argv[1], "127.0.0.1");`;
  let server: PinnedProcess | undefined;
  const served = await RunningServer.start(
    {
      ...serverOf(t, "first", ""),
      start: (port, core) => {
        const started = new PinnedProcess({ command: process.execPath, args: ["-e", program, String(port)] }, [core]);
        server = started;
        return { processes: [started], stop: () => started.stop() };
      },
    },
    CORE,
    signal,
  );
  served.pause();
  await served.stop();
  t.equal(await server!.output, "ended\n");
});
