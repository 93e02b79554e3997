/** Measures what visitors notice of a reload, from one large index to another. */
import { readFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startBillboard } from "../contenders/contender.js";
import { environment, type Environment } from "../environment.js";
import { makeIndex } from "../growth/servers.js";
import type { Interruptible } from "../interruptible.js";
import type { Cores } from "../measure/cores.js";
import { measureLatency, type SecondOfLoad } from "../measure/latency.js";
import { kibibytes } from "../measure/process-times.js";
import { freePort } from "../../tools/free-port.js";
import { firstResponse, startedOf } from "../measure/running-server.js";
import { firstVisit } from "../measure/traffic.js";
import { whole } from "../report/format.js";

export interface ReloadResults {
  readonly environment: Environment;
  readonly campaigns: number;
  readonly rate: number;
  /** Seconds after the first request that counts. */
  readonly reloadBegan: number;
  readonly reloadEnded: number;
  readonly memory: { readonly before: number; readonly peak: number; readonly after: number };
  readonly latestSend: number;
  readonly generatorBusy: number;
  readonly seconds: readonly SecondOfLoad[];
}

const VISITS = 300_000;
const CONNECTIONS = 64;
/** Gives the server time to return memory. */
const REST_MS = 1000;

export async function runReload(
  { campaigns, rate, seconds }: Readonly<Record<"campaigns" | "rate" | "seconds", number>>,
  { cores, folder, signal, log }: Interruptible & { readonly cores: Cores; readonly folder: string },
): Promise<ReloadResults> {
  const files = {
    index: join(folder, "index.bin"),
    visits: join(folder, "visits"),
    successor: join(folder, "second.bin"),
  };
  const { index, visits, successor } = files;
  log(`making two indexes of ${whole(campaigns)} campaigns`);
  await makeIndex({ ...files, what: { campaigns }, count: VISITS, cookies: 1 }, cores, signal);
  const [port, adminPort] = [await freePort(), await freePort()];
  const server = startBillboard(index, port, cores.serving, { ADMIN_PORT: String(adminPort) });
  const started = startedOf(server);
  try {
    await firstResponse(started, port, (await firstVisit(visits)).path, signal);
    log(`sending ${whole(rate)} requests a second for ${seconds} s`);
    const { now: before } = residentMemory(server.pid);
    const load = { port, visits, rate, seconds, connections: CONNECTIONS };
    const measuring = measureLatency(load, cores.driving, signal);
    // Awaited below; a failure before that would be an unhandled rejection.
    measuring.catch(() => undefined);
    await sleep((seconds * 1000) / 3, undefined, { signal });
    await rename(successor, index);
    const began = Date.now();
    const response = await fetch(`http://127.0.0.1:${adminPort}/reload`, { method: "POST", signal });
    const { result } = (await response.json()) as { result: string };
    const end = Date.now();
    if (result !== "replaced") throw new Error(`the server has not loaded the second index: ${result}`);
    const latency = await measuring;
    await sleep(REST_MS, undefined, { signal });
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
    await started.stop();
  }
}

function residentMemory(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const bytes = (name: string): number => kibibytes(status, name)! * 1024;
  return { now: bytes("VmRSS"), peak: bytes("VmHWM") };
}
