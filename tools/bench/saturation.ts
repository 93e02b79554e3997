/** A running server and a load by wrk to how many requests it answers, what each costs it, and who was at the limit. */
import { processorTimes, timeBetween, treeOf, type ProcessorTimes } from "./process-times.js";
import type { PinnedProcess } from "./pinned-process.js";
import { readCount, requireNoErrors, startWrk, type WrkCount, type WrkLoad } from "./wrk.js";

export type Limit = "server" | "generator" | "both" | "neither";

export interface Saturation {
  readonly requestsPerSecond: number;
  /** The server's, of all its processes. Microseconds a request. */
  readonly processorTime: number;
  /** Processor time by time, of its processes and of the load generator: 1 is a whole core. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  readonly limit: Limit;
}

export interface Served {
  /** Those of the contender; their children are found. */
  readonly processes: readonly PinnedProcess[];
  readonly port: number;
  /** Those that it may use. */
  readonly cores: readonly number[];
}

/** From this share of its cores on, who works is at the limit. The rest goes to what the kernel does in nobody's name. */
const BUSY = 0.9;
/** Who is busier is the one; both, where they are this close. */
const CLOSE = 0.02;
/** How often a load is looked at. */
const LOOKS = 10;
/** The share of a load's time that busyness is told of: its end, since wrk reads its file of visits first. */
const COUNTED = 0.9;

interface Look {
  /** Milliseconds. */
  readonly at: number;
  readonly server: ProcessorTimes;
  readonly generator: ProcessorTimes;
}

/** @throws Error where any answer was not good, see `requireNoErrors`, or the reason of `signal`, which ends it */
export async function saturate(served: Served, load: WrkLoad, signal: AbortSignal): Promise<Saturation> {
  return driven(served, load, signal, requireNoErrors);
}

/** Requests that nobody counts, for any part of a second. */
export async function warmUp(load: WrkLoad, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  // wrk knows whole seconds only, and ends early where it is told to.
  const wrk = startWrk({ ...load, seconds: Math.ceil(load.seconds) + 1 });
  const end = setTimeout(() => void wrk.stop("SIGINT"), load.seconds * 1000);
  try {
    requireNoErrors(readCount(await untilAborted(wrk, signal)));
  } catch (error) {
    // While it reads a large file of visits, it does not listen yet.
    if (wrk.endedBy !== "SIGINT") throw error;
  } finally {
    clearTimeout(end);
  }
}

/** @param judge throws for a count that is not as it must be */
export async function driven(
  { processes, port, cores }: Served,
  load: WrkLoad,
  signal: AbortSignal,
  judge: (count: WrkCount) => void,
): Promise<Saturation> {
  signal.throwIfAborted();
  const server = treeOf(processes.map(({ pid }) => pid));
  const before = processorTimes(server);
  const wrk = startWrk({ ...load, port });
  const looks: Look[] = [];
  const look = (): void => {
    looks.push({ at: performance.now(), server: processorTimes(server), generator: processorTimes([wrk.pid]) });
  };
  const looking = setInterval(look, (load.seconds * 1000) / LOOKS);
  let count: WrkCount;
  try {
    count = readCount(await untilAborted(wrk, signal));
  } finally {
    clearInterval(looking);
  }
  const end = performance.now();
  judge(count);
  const spent = timeBetween(before, processorTimes(server));
  const busy = busyIn(looks, end - (count.duration / 1000) * COUNTED);
  return {
    requestsPerSecond: count.requests / (count.duration / 1e6),
    processorTime: spent / 1000 / count.requests,
    ...busy,
    limit: limitOf(busy, { serving: cores, driving: load.core }),
  };
}

async function untilAborted(wrk: PinnedProcess, signal: AbortSignal): Promise<string> {
  const kill = (): void => void wrk.stop("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    return await wrk.finish();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

/** Nothing where the load was over before it could be looked at twice. @param from milliseconds */
function busyIn(looks: readonly Look[], from: number): Pick<Saturation, "serverBusy" | "generatorBusy"> {
  // The last look may have met wrk while it ended, with fewer threads than before.
  const threads = Math.max(...looks.map(({ generator }) => generator.size));
  const counted = looks.filter(({ at, generator }) => at >= from && generator.size === threads);
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined || first === last) return { serverBusy: 0, generatorBusy: 0 };
  const nanoseconds = (last.at - first.at) * 1e6;
  return {
    serverBusy: timeBetween(first.server, last.server) / nanoseconds,
    generatorBusy: timeBetween(first.generator, last.generator) / nanoseconds,
  };
}

/** Where both use the same cores, neither has one of its own to be at the limit of: what they use together counts. */
export function limitOf(
  { serverBusy, generatorBusy }: Pick<Saturation, "serverBusy" | "generatorBusy">,
  { serving, driving }: { readonly serving: readonly number[]; readonly driving: number },
): Limit {
  if (serving.includes(driving)) return (serverBusy + generatorBusy) / serving.length >= BUSY ? "both" : "neither";
  const server = serverBusy / serving.length;
  if (Math.max(server, generatorBusy) < BUSY) return "neither";
  if (Math.abs(server - generatorBusy) <= CLOSE) return "both";
  return server > generatorBusy ? "server" : "generator";
}
