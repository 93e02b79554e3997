/** Visitors who ask a proxy for a campaign's page, one request after the other, until `stop` is called. */
import { setTimeout as sleep } from "node:timers/promises";
import { range } from "../src/small-index.js";
import type { Site } from "./site.js";

/** Fewer than both shipped limits let one address send at once. */
const REQUESTS_OF_ONE_ADDRESS = 400;

export class Visitors {
  /** The banners they got. */
  readonly banners: number[] = [];
  readonly failures: string[] = [];
  readonly #running: Promise<void>[];
  #stopped = false;

  constructor(site: Site, count: number) {
    this.#running = range(1, count).map(async () => {
      while (!this.#stopped && this.failures.length === 0) await this.#visit(site);
    });
  }

  /** One visitor, who has an address and a cookie of his own. */
  async #visit(site: Site): Promise<void> {
    try {
      const connection = await site.visit();
      let last = 0;
      for (let request = 0; request < REQUESTS_OF_ONE_ADDRESS && !this.#stopped; request++) {
        connection.send("GET /campaigns/1/ HTTP/1.1", `Cookie: last_banner=${last}`);
        const { status, headers } = await connection.answer();
        const banner = Number(/^last_banner=(\d+)/.exec(headers["set-cookie"] ?? "")?.[1]);
        if (status !== 200 || banner === last) this.failures.push(`${status}: banner ${banner} after ${last}`);
        this.banners.push((last = banner));
        if (headers["connection"] === "close") break;
      }
      connection.socket.destroy();
    } catch (error) {
      this.failures.push(String(error));
    }
  }

  /** Resolves when this many more answers have come, or one has failed. */
  async more(count: number): Promise<void> {
    const goal = this.banners.length + count;
    while (this.banners.length < goal && this.failures.length === 0) await sleep(1);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }
}
