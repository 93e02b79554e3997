/** One arm, started anew, to what is measured of it in one round. */
import { takeConnections } from "./new-connections.js";
import type { Arm } from "./arm.js";
import type { Latency } from "./open-loop/measure-latency.js";
import type { Durations, Plan } from "./plan.js";
import { memoryOf, treeOf } from "./process-times.js";
import { withServer } from "./running-arm.js";
import { saturate, warmUp, type Saturation } from "./saturation.js";
import { firstVisit } from "./traffic.js";
import type { WrkLoad } from "./wrk.js";

/** Second by second is more than anybody reads here. */
type LatencyFigures = Omit<Latency, "began" | "bySecond">;

export interface LatencyAtLevel extends LatencyFigures {
  /** The share of the saturation. */
  readonly level: number;
  /** Requests a second. */
  readonly rate: number;
}

export interface Measurement {
  /** From the start of its processes to the first answer of 200. Milliseconds. */
  readonly start: number;
  /** Resident, after the warm-up. Bytes. */
  readonly memory: number;
  readonly saturation: Saturation;
  readonly newConnections?: Saturation;
  readonly latency: readonly LatencyAtLevel[];
}

/** How a latency is measured, see `open-loop/`. */
export type MeasureLatency = (load: {
  port: number;
  visits: string;
  rate: number;
  seconds: number;
  connections: number;
  core: number;
}) => Promise<Latency>;

export interface Means {
  /** The core that drives. */
  readonly driving: number;
  readonly measureLatency: MeasureLatency;
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
}

/** @throws Error whose message is one line that names the arm */
export async function measureArm(
  arm: Arm,
  durations: Durations,
  { connections, levels }: Pick<Plan, "connections" | "levels">,
  { driving: core, measureLatency, signal }: Means,
): Promise<Measurement> {
  return withServer(arm, signal, async ({ running, port, start }) => {
    const { visits, cores } = arm;
    const { processes } = running;
    const load: WrkLoad = { port, visits, connections, core, seconds: durations.saturation };
    await warmUp({ ...load, seconds: durations.warmUp }, signal);
    const memory = memoryOf(treeOf(processes.map(({ pid }) => pid)));
    const served = { processes, port, cores };
    const saturation = await saturate(served, load, signal);
    const newConnections =
      durations.newConnections > 0
        ? await takeConnections(
            served,
            { ...load, seconds: durations.newConnections },
            await firstVisit(visits),
            signal,
          )
        : undefined;
    const latency: LatencyAtLevel[] = [];
    for (const level of durations.latency > 0 ? levels : []) {
      signal.throwIfAborted();
      const rate = Math.max(1, Math.round(level * saturation.requestsPerSecond));
      const seconds = durations.latency;
      const measured = await measureLatency({ port, visits, rate, seconds, connections, core });
      latency.push({ level, rate, ...figuresOf(measured) });
    }
    return { start, memory, saturation, ...(newConnections !== undefined && { newConnections }), latency };
  });
}

function figuresOf({ p50, p99, p999, max, answered, generatorBusy, latestSend }: Latency): LatencyFigures {
  return { p50, p99, p999, max, answered, generatorBusy, latestSend };
}
