/** Arms, started anew, to what is measured of each in one round. */
import type { Arm } from "./arm.js";
import type { Cores } from "./cores.js";
import { takeConnections } from "./new-connections.js";
import type { Percentiles } from "./open-loop/latencies.js";
import type { Latency } from "./open-loop/measure-latency.js";
import type { Durations, Plan } from "./plan.js";
import { memoryOf } from "./process-times.js";
import { named, RunningArm } from "./running-arm.js";
import { drive, type Load, type Saturation } from "./saturation.js";
import { firstVisit } from "./traffic.js";

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

/** By the name of the arm. */
export type Round = Readonly<Record<string, Measurement>>;

/** Is told what begins. */
export type Tell = (what: string) => void;

/** How a latency is measured, see `open-loop/`. */
export type MeasureLatency = (load: {
  port: number;
  visits: string;
  rate: number;
  seconds: number;
  connections: number;
  core: number;
}) => Promise<Latency>;

/** How the pauses of cores are measured, see `pauses/`. */
export type MeasurePauses = (cores: readonly number[], seconds: number) => Promise<Percentiles>;

export interface Means {
  readonly cores: Pick<Cores, "serving" | "driving">;
  readonly measureLatency: MeasureLatency;
  readonly measurePauses: MeasurePauses;
  /** Ends whatever runs. */
  readonly signal: AbortSignal;
}

/**
 * Starts all arms and warms them up; drives them in turns; and then looks at each alone, while the others stand still.
 * @throws Error whose message is one line that names the arm, or the reason of `signal`
 */
export async function measureRound(
  arms: readonly Arm[],
  durations: Durations,
  plan: Pick<Plan, "connections" | "levels">,
  means: Means,
  tell: Tell,
): Promise<Round> {
  const ready: ReadyArm[] = [];
  try {
    for (const arm of arms) {
      tell(`starting ${arm.label}`);
      ready.push(await getReady(arm, durations, plan, means));
    }
    tell("all in turns");
    const loads = ready.map(({ load }) => load);
    const outcomes = await drive(loads, durations.saturation, means.signal);
    const round: Record<string, Measurement> = {};
    for (const [at, { served, load, memory }] of ready.entries()) {
      const { arm, start } = served;
      tell(`${arm.label} alone`);
      round[arm.name] = await named(arm, means.signal, async () => {
        const saturation = await outcomes[at]!();
        const alone = await measureAlone(served, load, saturation, durations, plan, means);
        return { start, memory, saturation, ...alone };
      });
    }
    return round;
  } finally {
    for (const { served } of ready) await served.stop();
  }
}

interface ReadyArm {
  readonly served: RunningArm;
  readonly load: Load;
  /** Resident. Bytes. */
  readonly memory: number;
}

/** An arm to its server, which has been warmed up and stands still. */
async function getReady(
  arm: Arm,
  { warmUp }: Durations,
  { connections }: Pick<Plan, "connections">,
  { cores: { driving: core }, signal }: Means,
): Promise<ReadyArm> {
  const served = await RunningArm.start(arm, signal);
  const { running, port } = served;
  const { visits, cores } = arm;
  const load: Load = { served: { processes: running.processes, cores }, port, visits, connections, core };
  try {
    return await named(arm, signal, async () => {
      const [outcome] = await drive([load], warmUp, signal);
      await outcome!();
      const memory = memoryOf(served.processes);
      served.pause();
      return { served, load, memory };
    });
  } catch (error) {
    await served.stop();
    throw error;
  }
}

async function measureAlone(
  served: RunningArm,
  load: Load,
  { requestsPerSecond }: Saturation,
  durations: Durations,
  { levels }: Pick<Plan, "levels">,
  { measureLatency, signal }: Means,
): Promise<Pick<Measurement, "newConnections" | "latency">> {
  const { port, visits, connections, core } = load;
  served.resume();
  const newConnections =
    durations.newConnections > 0
      ? await takeConnections(load, durations.newConnections, await firstVisit(visits), signal)
      : undefined;
  const latency: LatencyAtLevel[] = [];
  for (const level of durations.latency > 0 ? levels : []) {
    signal.throwIfAborted();
    const rate = Math.max(1, Math.round(level * requestsPerSecond));
    const seconds = durations.latency;
    const measured = await measureLatency({ port, visits, rate, seconds, connections, core });
    latency.push({ level, rate, ...figuresOf(measured) });
  }
  served.pause();
  return { ...(newConnections !== undefined && { newConnections }), latency };
}

function figuresOf({ p50, p99, p999, max, answered, generatorBusy, latestSend }: Latency): LatencyFigures {
  return { p50, p99, p999, max, answered, generatorBusy, latestSend };
}
