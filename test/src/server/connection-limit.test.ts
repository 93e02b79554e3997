import { join } from "node:path";
import t from "tap";
import { metricsOf } from "../admin/metric.js";
import { BILLBOARD } from "../billboard.js";
import { FIRST, publish } from "../published.js";
import { RunningServer } from "../running-server.js";
import { Connection } from "./connection.js";

/** As where the machine gives a process few descriptors. */
class PoorServer extends RunningServer {
  protected override get command(): readonly [string, ...string[]] {
    return ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh", process.execPath, BILLBOARD, "serve"];
  }
}

const ONLY_LINUX = process.platform === "linux" ? false : "only Linux tells how many descriptors a process may have";

await t.test(
  "visitors who use up the descriptors take none from health, metrics and reloads",
  { skip: ONLY_LINUX },
  async (t) => {
    const file = join(t.testdir(), "index.bin");
    publish(file, FIRST);
    const server = new PoorServer({ INDEX_FILE: file, WORKERS: "2", HEALTH_HOST: "127.0.0.1", HEALTH_PORT: "0" });
    const { port, adminPort, healthPort } = await server.next("ready");
    const visitors = await Promise.all(Array.from({ length: 400 }, () => Connection.open(Number(port))));
    const limit = (await metricsOf(adminPort)).get("billboard_connections_limit")!;
    t.comment(`the limit is ${limit}`);
    t.ok(limit >= 8 && limit < 128, `the limit is ${limit}`);
    let metrics = await metricsOf(adminPort);
    while (metrics.get("billboard_connections_refused_total")! < 400 - limit) metrics = await metricsOf(adminPort);
    t.ok(metrics.get("billboard_connections")! <= limit);
    t.ok(metrics.get("process_open_fds")! < 128);

    for (const asked of [adminPort, healthPort])
      for (const path of ["healthz", "readyz"]) {
        const times: number[] = [];
        for (let probe = 0; probe < 5; probe++) {
          const start = performance.now();
          t.equal((await fetch(`http://127.0.0.1:${String(asked)}/${path}`)).status, 200);
          times.push(performance.now() - start);
        }
        const median = times.sort((a, b) => a - b)[2]!;
        t.comment(`/${path}: the median is ${median.toFixed(1)} ms`);
        // Several times what it takes on a busy machine; where no descriptor is left nothing is answered at all.
        t.ok(median < 1000, `/${path}: ${median} ms`);
      }
    const reload = await fetch(`http://127.0.0.1:${String(adminPort)}/reload`, { method: "POST" });
    t.match(await reload.json(), { result: "unchanged" });

    const first = visitors.find(({ socket }) => !socket.closed)!;
    first.send("GET /campaigns/1 HTTP/1.1");
    t.equal((await first.answer()).status, 200, "those who are connected are served");
    for (const { socket } of visitors) socket.destroy();
    while ((await metricsOf(adminPort)).get("billboard_connections")! > 0);
    const next = await Connection.open(Number(port));
    next.send("GET /campaigns/1 HTTP/1.1");
    t.equal((await next.answer()).status, 200, "and so are others, once these have gone");
    next.socket.destroy();
    t.same(server.warnings, []);
    t.equal(await server.stop(), 0);
  },
);
