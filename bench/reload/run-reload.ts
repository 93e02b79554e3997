/** Two indexes to what visitors notice of the change from one to the other. */
import { rename } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import type { ReloadResult } from "../../src/index/reload.js";
import { startBillboard } from "../contenders/billboard.js";
import { runningOf } from "../contenders/server-program.js";
import type { Cores } from "../cores.js";
import { environment, type Environment } from "../environment.js";
import { firstAnswer, freePort } from "../first-answer.js";
import type { SecondOfLoad } from "../open-loop/latencies.js";
import { measureLatency } from "../open-loop/measure-latency.js";
import { PinnedProcess } from "../pinned-process.js";
import { firstVisit } from "../traffic.js";
import type { Arguments } from "./arguments.js";
import type { IndexesTask } from "./make-indexes.js";

export interface ReloadResults {
  readonly environment: Environment;
  readonly campaigns: number;
  /** Requests a second. */
  readonly rate: number;
  /** Seconds after the first request that counts. */
  readonly reloadBegan: number;
  readonly reloadEnded: number;
  /** Resident memory of the server, in bytes. */
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  /** The generator's own delay, and how busy it was, see `Latency`. */
  readonly latestSend: number;
  readonly generatorBusy: number;
  /** Latencies in microseconds, second by second. */
  readonly seconds: readonly SecondOfLoad[];
}

export interface Surroundings {
  readonly cores: Cores;
  /** For temporary files. */
  readonly folder: string;
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
  /** Is told what begins. */
  readonly tell: (what: string) => void;
}

/** The server has a moment to give back what it has let go. Milliseconds. */
const REST = 1000;

/** @throws Error where a request failed, where the index was not taken up, or the reason of `signal` */
export async function runReload(
  { campaigns, rate, seconds }: Arguments,
  { cores, folder, signal, tell }: Surroundings,
): Promise<ReloadResults> {
  const index = join(folder, "index.bin");
  const second = join(folder, "second.bin");
  const visits = join(folder, "visits.txt");
  tell(`making two indexes of ${campaigns.toLocaleString("en-US")} campaigns`);
  const task: IndexesTask = { campaigns, first: index, second, visits };
  const program = join(import.meta.dirname, "make-indexes.js");
  await ended(
    new PinnedProcess({ command: process.execPath, args: [program, JSON.stringify(task)] }, cores.all),
    signal,
  );
  const [port, adminPort] = [await freePort(), await freePort()];
  const server = startBillboard(index, port, [cores.serving], { adminPort });
  const running = runningOf(server);
  try {
    await firstAnswer(running, port, (await firstVisit(visits)).path, signal);
    tell(`sending ${rate.toLocaleString("en-US")} requests a second for ${seconds} s`);
    const before = residentMemory(server.pid).now;
    const load = measureLatency({ port, visits, rate, seconds, connections: 64, core: cores.driving });
    // Its failure is met below.
    load.catch(() => undefined);
    await sleep((seconds * 1000) / 3, undefined, { signal });
    await rename(second, index);
    const began = Date.now();
    const { result } = await reload(adminPort);
    const end = Date.now();
    if (result !== "replaced") throw new Error(`the server has ${result} the second index, and not taken it up`);
    const latency = await load;
    await sleep(REST, undefined, { signal });
    const { now: after, peak } = residentMemory(server.pid);
    return {
      environment: environment(),
      campaigns,
      rate,
      reloadBegan: (began - latency.began) / 1000,
      reloadEnded: (end - latency.began) / 1000,
      memory: { before, peak, after },
      latestSend: latency.latestSend,
      generatorBusy: latency.generatorBusy,
      seconds: latency.bySecond,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await running.stop();
  }
}

async function ended(process: PinnedProcess, signal: AbortSignal): Promise<void> {
  const kill = (): void => void process.stop("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    await process.finish();
  } finally {
    signal.removeEventListener("abort", kill);
    signal.throwIfAborted();
  }
}

async function reload(adminPort: number): Promise<ReloadResult> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/reload`, { method: "POST" });
  return (await response.json()) as ReloadResult;
}

/** Bytes: what it has now, and the most that it has had. */
function residentMemory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytesOf = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  return { now: bytesOf("VmRSS"), peak: bytesOf("VmHWM") };
}
