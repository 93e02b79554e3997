/** Starts servers behind a proxy that load an index, or are restarted, while visitors come. */
import { writeFileSync } from "node:fs";
import type { Test } from "tap";
import { decode } from "../../src/index/format.js";
import type { StartProxy } from "./site.js";
import { startServer } from "./site.js";
import { SECOND, twoServers } from "./two-servers.js";
import { Visitors } from "./visitors.js";

export async function testServersUnderLoad(t: Test, start: StartProxy): Promise<void> {
  await t.test("a reload under load fails no request", async (t) => {
    const { files, servers, site } = await twoServers(t, start);
    const visitors = new Visitors(site, 8);
    await visitors.more(500);
    t.ok(visitors.banners.every((banner) => banner < 200));
    for (const file of files) writeFileSync(file, SECOND);
    const { generation } = decode(Uint8Array.from(SECOND));
    for (const server of servers) {
      server.process.kill("SIGHUP");
      t.match(await server.next("reload"), { result: "replaced", generation });
      await visitors.more(500);
    }
    await visitors.stop();
    t.same(visitors.failures, []);
    t.ok(visitors.banners.slice(-100).every((banner) => banner >= 200));
  });

  await t.test("servers that are restarted under load, one after the other, fail no request", async (t) => {
    const { files, servers, ports, site } = await twoServers(t, start);
    const visitors = new Visitors(site, 16);
    for (const [at, server] of servers.entries()) {
      await visitors.more(500);
      t.equal(await server.stop(), 0);
      t.match(server.log.slice(-2), [
        { event: "drain", signal: "SIGTERM" },
        { event: "stop", msg: "stopped" },
      ]);
      await visitors.more(500);
      // The next one leaves as soon as this one is back.
      if (at === 0) await startServer(t, files[at], ports[at]).ready();
    }
    await visitors.stop();
    t.same(visitors.failures, []);
  });
}
