/** Visitors of servers that record: they look at banners and click, and note all that they saw. */
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "../seeded-random.js";
import { Connection, type RawAnswer } from "../server/connection.js";

export interface Shown {
  readonly campaign: number;
  readonly banner: number;
  readonly period: number;
  /** When the answer came. */
  readonly moment: number;
}

export interface Clicked {
  /** All clicks of one visitor go by one connection to each server. */
  readonly visitor: number;
  /** Of the server that led on. */
  readonly port: number;
  readonly id: string;
  readonly campaign: number;
  readonly banner: number;
  /** When the answer came. */
  readonly moment: number;
}

export interface RecordedVisitorsOptions {
  /** Each request goes to any of them. */
  readonly ports: readonly number[];
  /** Each visitor asks on connections of its own, one request after the other. */
  readonly visitors: number;
  readonly campaigns: readonly number[];
  readonly seed: number;
  /** How probable a click on a banner is. */
  readonly clicks?: (banner: number) => number;
  readonly now?: () => number;
}

interface Json {
  readonly campaign: number;
  readonly banner: number;
  readonly period: number;
  readonly link: string;
  readonly last: string;
}

type Ask = (path: string) => Promise<RawAnswer & { readonly port: number }>;

export class RecordedVisitors {
  readonly shown: Shown[] = [];
  readonly clicked: Clicked[] = [];
  /** Whose answer has not come: visits by campaign, and ids of clicks. */
  readonly pendingVisits = new Map<number, number>();
  readonly pendingClicks = new Set<string>();
  readonly failures: string[] = [];
  readonly #options: Required<RecordedVisitorsOptions>;
  readonly #running: readonly Promise<void>[];
  #stopped = false;
  /** The visitors are asked to end with their connections, and not to call that a failure. */
  #isCut = false;

  constructor(options: RecordedVisitorsOptions) {
    this.#options = { clicks: () => 0.25, now: () => performance.now(), ...options };
    const { visitors, seed } = options;
    this.#running = Array.from({ length: visitors }, (_, visitor) =>
      this.#visit(visitor, seededRandom(seed * 1000 + visitor)),
    );
  }

  /** Resolves when this many more banners were shown, or something has failed. */
  async more(count: number): Promise<void> {
    const goal = this.shown.length + count;
    while (this.shown.length < goal && this.failures.length === 0) await sleep(1);
  }

  /** Resolves when every request has its answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /** To be called before the servers are killed. */
  expectCut(): void {
    this.#isCut = true;
  }

  async gone(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #visit(visitor: number, random: () => number): Promise<void> {
    const { ports, campaigns, clicks } = this.#options;
    const oneOf = <Each>(list: readonly Each[]): Each => list[Math.floor(random() * list.length)]!;
    const connections = new Map<number, Connection>();
    const last = new Map<number, string>();
    const ask: Ask = async (path) => {
      const port = oneOf(ports);
      let connection = connections.get(port);
      if (connection === undefined) connections.set(port, (connection = await Connection.open(port)));
      connection.send(`GET ${path} HTTP/1.1`);
      return { ...(await connection.answer()), port };
    };
    try {
      while (!this.#stopped) {
        const campaign = oneOf(campaigns);
        const { link, banner, ...json } = await this.#look(campaign, last.get(campaign), ask);
        last.set(campaign, json.last);
        if (random() < clicks(banner)) await this.#click({ visitor, campaign, banner, id: link.slice(-32) }, link, ask);
      }
    } catch (error) {
      if (!this.#isCut) this.failures.push(String(error));
    }
    for (const { socket } of connections.values()) socket.destroy();
  }

  async #look(campaign: number, last: string | undefined, ask: Ask): Promise<Json> {
    const { pendingVisits } = this;
    pendingVisits.set(campaign, (pendingVisits.get(campaign) ?? 0) + 1);
    const { status, body } = await ask(
      `/campaigns/${campaign}/banner.json${last === undefined ? "" : `?last=${last}`}`,
    );
    const json = JSON.parse(body.toString()) as Json;
    pendingVisits.set(campaign, pendingVisits.get(campaign)! - 1);
    if (status !== 200 || json.campaign !== campaign) this.failures.push(`${status}: ${body.toString()}`);
    const { banner, period } = json;
    this.shown.push({ campaign, banner, period, moment: this.#options.now() });
    return json;
  }

  async #click(click: Omit<Clicked, "port" | "moment">, link: string, ask: Ask): Promise<void> {
    this.pendingClicks.add(click.id);
    const { status, headers, port } = await ask(link);
    this.pendingClicks.delete(click.id);
    if (status !== 302 || headers["location"] !== `https://shop.example/${click.banner}`)
      this.failures.push(`${link}: ${status} to ${headers["location"]}`);
    this.clicked.push({ ...click, port, moment: this.#options.now() });
  }
}
