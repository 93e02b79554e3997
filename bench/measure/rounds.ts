/** Measures servers in rounds: all are started anew in each, and every other round goes the other way. */
import type { Durations, Plan } from "../plan.js";
import type { Cores } from "./cores.js";
import type { Latency, measureLatency } from "./latency.js";
import { memoryOf } from "./process-times.js";
import { naming, RunningServer, withServer, type Server } from "./running-server.js";
import { differenceOf, responseTo, type ResponseShape } from "./same-response.js";
import { drive, type Saturation } from "./saturation.js";
import { firstVisit } from "./traffic.js";
import { inOrderOf } from "./turns.js";

interface LatencyAtLevel extends Omit<Latency, "began" | "bySecond"> {
  readonly level: number;
  readonly rate: number;
}

export interface Measurement {
  /** Milliseconds from the start of its processes to the first response of 200. */
  readonly start: number;
  readonly memory: number;
  readonly saturation: Saturation;
  readonly latency: readonly LatencyAtLevel[];
}

export type Round = Readonly<Record<string, Measurement>>;

export interface Measuring {
  readonly cores: Cores;
  readonly measureLatency: typeof measureLatency;
  readonly signal: AbortSignal;
  readonly log: (what: string) => void;
}

/** Yields each round, so that a later failure does not lose it. @throws Error of one line, or the reason of `signal` */
export async function* measureRounds(
  servers: readonly Server[],
  durations: Durations,
  plan: Pick<Plan, "rounds" | "connections" | "levels">,
  measuring: Measuring,
): AsyncGenerator<Round> {
  for (let number = 1; number <= plan.rounds; number++) {
    const log = (what: string): void => {
      measuring.log(`round ${number} of ${plan.rounds}: ${what}`);
    };
    yield await measureRound(inOrderOf(number, servers), durations, plan, { ...measuring, log });
  }
}

async function measureRound(
  servers: readonly Server[],
  durations: Durations,
  plan: Pick<Plan, "connections" | "levels">,
  measuring: Measuring,
): Promise<Round> {
  const { cores, signal, log } = measuring;
  const load = { connections: plan.connections, core: cores.driving };
  const started: RunningServer[] = [];
  const round: Record<string, Measurement> = {};
  const memory: number[] = [];
  try {
    for (const server of servers) {
      log(`starting ${server.label}`);
      const running = await RunningServer.start(server, cores.serving, signal);
      started.push(running);
      await drive([running], load, durations.warmUp, signal);
      memory.push(memoryOf(running.pids));
      // Looks up its processes again, as it may have started some meanwhile.
      running.pause();
    }
    log("all in turns");
    const saturations = await drive(started, load, durations.saturation, signal);
    for (const [at, running] of started.entries()) {
      const { server, startMs } = running;
      log(`${server.label} alone`);
      const saturation = saturations[at]!;
      const latency = await naming(server, signal, () => latencies(running, saturation, durations, plan, measuring));
      round[server.name] = { start: startMs, memory: memory[at]!, saturation, latency };
    }
    return round;
  } finally {
    for (const running of started) await running.stop();
  }
}

async function latencies(
  running: RunningServer,
  { requestsPerSecond }: Saturation,
  { latency: seconds }: Durations,
  { levels, connections }: Pick<Plan, "levels" | "connections">,
  { measureLatency, cores, signal }: Measuring,
): Promise<LatencyAtLevel[]> {
  // While it warms up, a machine that is busy may leave it no time for one.
  if (requestsPerSecond === 0) throw new Error("no response at all");
  const measured: LatencyAtLevel[] = [];
  const { port, server } = running;
  running.resume();
  for (const level of seconds > 0 ? levels : []) {
    signal.throwIfAborted();
    const rate = Math.max(1, Math.round(level * requestsPerSecond));
    const load = { port, visits: server.visits, rate, seconds, connections };
    const latency = await measureLatency(load, cores.driving, signal);
    const { p50, p99, p999, max, answered, generatorBusy, latestSend } = latency;
    measured.push({ level, rate, p50, p99, p999, max, answered, generatorBusy, latestSend });
  }
  running.pause();
  return measured;
}

export async function requireSameResponses(
  servers: readonly Server[],
  { serving }: Pick<Cores, "serving">,
  signal: AbortSignal,
): Promise<void> {
  const shapes = new Map<string, ResponseShape>();
  for (const server of servers) {
    const visit = await firstVisit(server.visits);
    const shape = await withServer(server, serving, signal, ({ port }) => responseTo(port, visit));
    shapes.set(server.name, shape);
    const { name, respondsAs = name } = server;
    const expected = shapes.get(respondsAs);
    if (expected === undefined) throw new Error(`${name} comes before ${respondsAs}, whose response it must give`);
    const difference = differenceOf(expected, shape);
    if (difference !== undefined)
      throw new Error(`${name}: its response to ${visit.path} is not that of ${respondsAs}: ${difference}`);
  }
}
