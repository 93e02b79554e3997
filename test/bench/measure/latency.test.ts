import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { writeFileSync } from "node:fs";
import t from "tap";
import { usableCores } from "../../../bench/measure/cores.js";
import { measureLatency } from "../../../bench/measure/latency.js";
import { missing } from "../../needed-programs.js";

await t.test(
  "the visits of the file are made with their cookies, by another process",
  { skip: missing("taskset") },
  async (t) => {
    const asked = new Set<string>();
    let status = 200;
    const server = createServer((request, response) => {
      asked.add(`${request.url!} ${request.headers.cookie ?? "-"}`);
      response.writeHead(status, { "Content-Length": 2 }).end("ok");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.teardown(() => server.close());
    const visits = join(t.testdir({}), "visits.txt");
    writeFileSync(visits, "/campaigns/1/\tlast_banner=7\n/campaigns/2/\t\n");
    const { port } = server.address() as AddressInfo;
    const load = { port, visits, rate: 50, seconds: 0.5, connections: 2 };
    const { driving } = usableCores();
    const latency = await measureLatency(load, driving);
    t.equal(latency.answered, 25, "those of the warm-up do not count");
    t.same(
      latency.bySecond.map(({ requests }) => requests),
      [25],
    );
    t.ok(latency.p50 > 0 && latency.p50 <= latency.p99 && latency.p99 <= latency.p999 && latency.p999 <= latency.max);
    t.ok(latency.generatorBusy > 0 && latency.generatorBusy < 1, String(latency.generatorBusy));
    t.same([...asked].sort(), ["/campaigns/1/ last_banner=7", "/campaigns/2/ -"]);
    status = 404;
    await t.rejects(measureLatency(load, driving), { message: "status 404, expected 200" });
    server.on("request", (request) => request.socket.destroy());
    await t.rejects(measureLatency(load, driving), {
      message: /^(a request without a response: connection closed|status 404, expected 200)$/,
    });
  },
);
