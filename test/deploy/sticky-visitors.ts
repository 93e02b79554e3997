/** Has visitors with a sequence come to two servers with different indexes, by the lines that keep each at one. */
import type { Test } from "tap";
import { range } from "../src/small-index.js";
import { Connection } from "../src/server/connection.js";
import { clientAddress, OWN_ADDRESS } from "./loopback.js";
import type { StartProxy } from "./site.js";
import { cookieOf, FIRST, SECOND, twoServers } from "./two-servers.js";

const COLLECTION = 10;

/** @param start with the lines in force that are comments in what is shipped */
export async function testStickyVisitors(t: Test, start: StartProxy): Promise<void> {
  await t.test("a visitor's sequence goes on while two servers have different indexes", async (t) => {
    const settings = { ROTATION: "sequence" };
    const { site, servers } = await twoServers(t, start, [FIRST, SECOND], settings, settings);
    /** As the cookie names them, the latest first. */
    const visit = async (address: string, cookie: string): Promise<string> => {
      const connection = await Connection.open(site.place.port, OWN_ADDRESS, address);
      connection.send("GET /campaigns/1/ HTTP/1.1", `Cookie: ${cookie}`);
      const { headers } = await connection.answer();
      connection.socket.destroy();
      return /^last_banner=[\d-]+/.exec(headers["set-cookie"] ?? "")?.[0] ?? "";
    };
    const used = new Set<string>();
    const addresses = range(1, 20).map(clientAddress);
    for (const address of addresses) {
      const seen: string[] = [];
      for (let cookie = ""; seen.length < COLLECTION;) seen.push(cookieOf((cookie = await visit(address, cookie))));
      t.equal(new Set(seen).size, COLLECTION, seen.join(", "));
      used.add(seen[0]!.includes("=1") ? "one" : "two");
    }
    t.equal(used.size, 2, "both servers have visitors");

    t.equal(await servers[0].stop(), 0);
    for (const address of addresses) t.match(await visit(address, ""), /^last_banner=2/, "the other one answers");
  });
}
