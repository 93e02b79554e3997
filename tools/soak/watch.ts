/** Watches a server under faults: whether it lives, how much memory it takes, and which generation it serves when. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReloadResult } from "../../src/index/reload.js";
import { ANSWER_MS, type Scene } from "./faults.js";

const WATCHERS = 8;
const WATCH_EVERY_MS = 100;

export class Timeline {
  readonly #generations: ReadonlyMap<string, string>;
  readonly #spans: { readonly generation: string; readonly from: number; until: number }[] = [];

  constructor(generations: ReadonlyMap<string, string>) {
    this.#generations = generations;
  }

  published(file: string): void {
    const generation = this.#generations.get(file);
    if (generation === undefined) return;
    if (this.#spans.some((span) => span.generation === generation && span.until === Infinity)) return;
    this.#spans.push({ generation, from: performance.now(), until: Infinity });
  }

  reloaded({ generation }: ReloadResult): void {
    for (const span of this.#spans)
      if (span.generation !== generation) span.until = Math.min(span.until, performance.now());
  }

  allows(generation: string, sent: number, received: number): boolean {
    return this.#spans.some((span) => span.generation === generation && span.from <= received && span.until >= sent);
  }
}

export class Watch {
  longestProbeMs = 0;
  mostMemory = 0;
  readonly #scene: Scene;
  readonly #timeline: Timeline;
  readonly #asking: Promise<unknown>;
  #isOver = false;

  constructor(scene: Scene, timeline: Timeline, campaign: number) {
    this.#scene = scene;
    this.#timeline = timeline;
    const path = `/campaigns/${campaign}/banner.json`;
    // A connection for each, so that every worker has some.
    const watchers = Array.from({ length: WATCHERS }, () => this.#repeat(this.#decisions(path)));
    this.#asking = Promise.all([...watchers, this.#repeat(this.#probe())]);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#asking;
  }

  async #repeat(ask: () => Promise<void>): Promise<void> {
    while (!this.#isOver) {
      try {
        await ask();
      } catch (error) {
        this.#scene.found(`no answer: ${(error as Error).message}`);
      }
      await sleep(WATCH_EVERY_MS);
    }
  }

  #decisions(path: string): () => Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return async () => {
      const sent = performance.now();
      const { generation } = JSON.parse(await textAt(new URL(path, this.#scene.url), agent)) as { generation: string };
      if (!this.#timeline.allows(generation, sent, performance.now()))
        this.#scene.found(`generation ${generation} was served when another was`);
    };
  }

  #probe(): () => Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    return async () => {
      const sent = performance.now();
      await textAt(new URL("/healthz", this.#scene.adminUrl), agent);
      this.longestProbeMs = Math.max(this.longestProbeMs, performance.now() - sent);
      this.mostMemory = Math.max(this.mostMemory, residentMemory(this.#scene.pid));
    };
  }
}

async function textAt(url: URL, agent: Agent): Promise<string> {
  const [response] = (await once(get(url, { agent, signal: AbortSignal.timeout(ANSWER_MS) }), "response")) as [
    IncomingMessage,
  ];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${url.pathname}: ${String(response.statusCode)} ${body}`);
  return body;
}

/** Bytes. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
}
