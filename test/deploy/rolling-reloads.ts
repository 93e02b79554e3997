/** Has three servers load new indexes one after the other while visitors look at pages and their images. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import type { BannerImage } from "../../build/images/folder.js";
import { decode } from "../../src/index/format.js";
import { inEveryPeriod, range, smallIndex } from "../src/small-index.js";
import type { Connection, RawAnswer } from "../src/server/connection.js";
import { Site, startServer, type StartProxy } from "./site.js";
import { cookieOf, freePorts } from "./two-servers.js";

const SERVERS = 3;
const ROUNDS = 3;
/** Pages and images of one address: fewer than both shipped limits let one address ask at once. */
const VISITS_OF_ONE_ADDRESS = 200;

/** Campaign 1 has banners of this generation alone, campaign 2 the same two in all, with other images in each. */
function indexOf(generation: number): Uint8Array {
  const imageOf = (banner: number): BannerImage => {
    const bytes = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><desc>${banner} of ${generation}</desc></svg>`);
    const sha256 = createHash("sha256").update(bytes).digest();
    return { bytes, sha256, type: "svg", extension: "svg", width: 1, height: 1 };
  };
  const own = range(100 * generation + 100, 100 * generation + 109);
  const images = new Map([7, 8].map((banner) => [banner, imageOf(banner)]));
  return smallIndex(
    [...inEveryPeriod({ campaign: 1, converting: own }), ...inEveryPeriod({ campaign: 2, converting: [7, 8] })],
    4,
    images,
  );
}

const versionOf = ({ body }: RawAnswer): string => createHash("sha256").update(body).digest("hex").slice(0, 32);

/** Visitors with a cookie for each campaign, who look at a page and then at its image. */
class Viewers {
  visits = 0;
  readonly failures: string[] = [];
  /** Addresses of images of campaign 2, as pages named them. */
  readonly images = new Set<string>();
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(site: Site, count: number) {
    this.#running = range(1, count).map(async () => {
      while (!this.#stopped && this.failures.length === 0)
        await this.#view(site).catch((error: unknown) => this.failures.push(String(error)));
    });
  }

  async #view(site: Site): Promise<void> {
    const connection = await site.visit();
    const last = { 1: "", 2: "" };
    for (let visit = 0; visit < VISITS_OF_ONE_ADDRESS && !this.#stopped; visit++) {
      const campaign = visit % 2 === 0 ? 1 : 2;
      last[campaign] = await this.#look(connection, campaign, last[campaign]);
      this.visits++;
    }
    connection.socket.destroy();
  }

  async #look(connection: Connection, campaign: 1 | 2, last: string): Promise<string> {
    connection.send(`GET /campaigns/${campaign}/ HTTP/1.1`, `Cookie: ${last}`);
    const page = await connection.answer();
    const cookie = cookieOf(page.headers["set-cookie"]);
    if (page.status !== 200 || cookie === "") this.failures.push(`a page is ${page.status}: "${cookie}"`);
    if (cookie === last) this.failures.push(`${cookie} twice`);
    const [, address = "", version] = /src="([^"?]+\?v=([0-9a-f]+))"/.exec(page.body.toString()) ?? [];
    connection.send(`GET ${address} HTTP/1.1`);
    const image = await connection.answer();
    // Two generations may have another image of the same banner; but only one has a banner of campaign 1.
    if (image.status !== 200 || (campaign === 1 && versionOf(image) !== version))
      this.failures.push(`an image is ${image.status}: ${address}`);
    if (campaign === 2) this.images.add(address);
    return cookie;
  }

  /** Resolves when there were this many more visits, or one has failed. */
  async more(count: number): Promise<void> {
    const goal = this.visits + count;
    while (this.visits < goal && this.failures.length === 0) await sleep(1);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }
}

export async function testRollingReloads(t: Test, start: StartProxy): Promise<void> {
  await t.test(
    "three servers that load new indexes one after the other: no repeat, no failed page, no broken image",
    async (t) => {
      const folder = t.testdir();
      const file = (server: number): string => join(folder, `${server}.bin`);
      const ports = [await freePorts(), await freePorts(), await freePorts()] as const;
      for (const server of ports.keys()) writeFileSync(file(server), indexOf(0));
      const servers = ports.map((port, server) => startServer(t, file(server), port));
      await Promise.all(servers.map((server) => server.ready()));
      const site = await Site.open(t, start, folder, ports);
      const viewers = new Viewers(site, 12);
      await viewers.more(600);
      for (const round of range(1, ROUNDS)) {
        const index = indexOf(round);
        const { generation } = decode(index);
        for (const [at, server] of servers.entries()) {
          if (viewers.failures.length > 0) break;
          writeFileSync(file(at), index);
          server.process.kill("SIGHUP");
          t.match(await server.next("reload"), { result: "replaced", generation });
          if (at === SERVERS - 1) viewers.images.clear();
          // After the last one as well: the next round's pages must find the images of this one in the proxy's cache.
          await viewers.more(600);
        }
      }
      const named = [...viewers.images];
      await viewers.stop();
      t.same(viewers.failures, []);

      // What was sent for another version while they differed must not be what the proxy sends now.
      const connection = await site.visit();
      for (const address of named) {
        connection.send(`GET ${address} HTTP/1.1`);
        t.equal(versionOf(await connection.answer()), address.slice(address.indexOf("=") + 1), address);
      }
      t.ok(named.length >= 2);
    },
  );
}
