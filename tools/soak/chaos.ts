/** Has faults come over a server under load, several at a time and in random order, and says what it did wrong. */
import { readFileSync, writeFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReloadResult } from "../../src/index/reload.js";
import { systemClock } from "../load-test/clock.js";
import { runLoadTest } from "../load-test/run.js";
import { seededRandom } from "../make-sample/random.js";
import { FAULTS, RELOADS, type Scene } from "./faults.js";
import { buildIndexes } from "./indexes.js";
import { endOf, ready, start, stop } from "./limited-server.js";
import { mebibytes, type Surroundings } from "./run.js";
import { residentMemory, Timeline, Watch } from "./watch.js";

const LANES = 2;
const SETTLE_MS = 2000;
/** Requests in a second that no server here reaches: the load must not end before the faults do. */
const MAX_RATE = 50_000;
/** See docs/index-format.md. */
const CHECKSUM_AT = 32;
const MAX_GROWTH = 150 * 2 ** 20;

export interface Chaos {
  readonly seconds: number;
  readonly seed: string;
  readonly connections: number;
  readonly data: string;
}

export interface ChaosFigures {
  readonly requests: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly longestProbeMs: number;
  /** Bytes, before the first fault and at most. */
  readonly memory: number;
  readonly mostMemory: number;
  readonly errors: readonly string[];
}

export async function runChaos(chaos: Chaos, { folder, signal, log }: Surroundings): Promise<ChaosFigures> {
  const { files: indexes, generations, campaigns } = await buildIndexes(chaos.data, folder);
  const [served, broken, logFile, goOnFile] = ["served.bin", "broken.bin", "log", "go-on"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  await copyFile(indexes[0], served);
  writeBroken(indexes[0], broken);
  const timeline = new Timeline(new Map(indexes.map((file, at) => [file, generations[at]!])));
  timeline.published(indexes[0]);
  const errors: string[] = [];
  const found = (error: string): void => {
    errors.push(error);
    log(error);
  };
  const faults = new Map<string, number>();
  const count = (what: string): void => {
    faults.set(what, (faults.get(what) ?? 0) + 1);
    log(what);
  };

  const gone = new AbortController();
  const loadEnds = new AbortController();
  const server = start({ INDEX_FILE: served, LOG: logFile, GO_ON: goOnFile });
  const ended = endOf(server);
  void ended.then(() => {
    gone.abort();
  });
  let watch: Watch | undefined;
  try {
    const { port, adminPort } = await ready(server, logFile);
    const pid = server.pid!;
    const url = new URL(`http://127.0.0.1:${String(port)}`);
    const adminUrl = new URL(`http://127.0.0.1:${String(adminPort)}`);
    const reloaded = (result: ReloadResult): void => {
      timeline.reloaded(result);
      count(result.result);
    };
    const random = seededRandom(chaos.seed);
    const published = timeline.published.bind(timeline);
    const files = { indexes, broken, served, logFile, goOnFile };
    const scene: Scene = { pid, url, adminUrl, ...files, random, published, reloaded, found };
    const end = performance.now() + SETTLE_MS + chaos.seconds * 1000;
    const isOver = (): boolean => performance.now() > end || signal.aborted || gone.signal.aborted;
    const load = { kind: "closed", requests: (chaos.seconds + 60) * MAX_RATE, connections: chaos.connections } as const;
    const loading = runLoadTest(
      { url, scenario: "visitors", load, timeout: 30, campaigns },
      { clock: systemClock, signal: loadEnds.signal },
    );
    // What it fails with is thrown once the faults are over.
    loading.catch(() => undefined);
    watch = new Watch(scene, timeline, campaigns[0]!);
    await sleep(SETTLE_MS);
    const memory = residentMemory(pid);
    const active = new Set<string>();
    await Promise.all([
      lane(RELOADS, scene, active, isOver, count),
      ...Array.from({ length: LANES }, () => lane(FAULTS, scene, active, isOver, count)),
    ]);
    await watch.end();
    if (!gone.signal.aborted) faults.set("log lines dropped", await droppedLines(adminUrl));
    loadEnds.abort();
    const { complete, failed, violations } = await loading;
    for (const { total, kinds } of [failed, violations]) if (total > 0) found(`load: ${JSON.stringify(kinds)}`);
    if (watch.mostMemory > memory + MAX_GROWTH) found(`memory grew from ${mebibytes(memory)} by too much`);
    signal.throwIfAborted();
    const code = await stop(server, ended);
    if (code !== 0) found(`the server ended with ${code}`);
    return {
      requests: complete,
      faults: Object.fromEntries([...faults].sort()),
      longestProbeMs: watch.longestProbeMs,
      memory,
      mostMemory: watch.mostMemory,
      errors,
    };
  } finally {
    loadEnds.abort();
    await stop(server, ended);
    await watch?.end();
  }
}

async function droppedLines(adminUrl: URL): Promise<number> {
  const metrics = await (await fetch(new URL("/metrics", adminUrl))).text();
  return Number(/^billboard_log_lines_dropped_total (\d+)$/m.exec(metrics)?.[1]);
}

async function lane(
  faults: typeof FAULTS,
  scene: Scene,
  active: Set<string>,
  isOver: () => boolean,
  count: (what: string) => void,
): Promise<void> {
  while (!isOver()) {
    const name = scene.random.shuffled(Object.keys(faults)).find((each) => !active.has(each))!;
    active.add(name);
    try {
      await faults[name]!(scene);
    } catch (error) {
      scene.found(`${name}: ${(error as Error).message}`);
    }
    active.delete(name);
    count(name);
    await sleep(scene.random.between(0, 300));
  }
}

function writeBroken(index: string, broken: string): void {
  const bytes = readFileSync(index);
  bytes[bytes.length - 1]! ^= 1;
  // Its checksum too, or the server would take it for the index that it serves.
  bytes[CHECKSUM_AT]! ^= 1;
  writeFileSync(broken, bytes);
}

export function hasSurvived({ errors }: ChaosFigures): boolean {
  return errors.length === 0;
}

export function chaosSummary(figures: ChaosFigures): string {
  const { requests, faults, longestProbeMs, memory, mostMemory, errors } = figures;
  return [
    `requests        ${requests}`,
    ...Object.entries(faults).map(([name, times]) => `${String(times).padEnd(15)} ${name}`),
    `slowest probe   ${longestProbeMs.toFixed()} ms`,
    `memory          ${mebibytes(memory)} before the first fault, ${mebibytes(mostMemory)} at most`,
    ...errors.map((error) => `error           ${error}`),
    `result          ${hasSurvived(figures) ? "passed" : "failed"}\n`,
  ].join("\n");
}
