/** Running servers, each with a load by wrk, to how many requests they answer, what each costs them, and who was at the limit. */
import { setTimeout as sleep } from "node:timers/promises";
import { processorTimes, timeBetween, treeOf, type ProcessorTimes } from "./process-times.js";
import type { PinnedProcess } from "./pinned-process.js";
import { pause, resume, takeTurns, type Turning } from "./turns.js";
import { hasBegun, readCount, requireNoErrors, startWrk, type WrkCount, type WrkLoad } from "./wrk.js";

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
  readonly processes: readonly Pick<PinnedProcess, "pid">[];
  /** Those that it may use. */
  readonly cores: readonly number[];
}

export interface Load extends WrkLoad {
  readonly served: Served;
}

/** What came of a load. @throws Error where any answer was not good, or wrk failed */
export type Outcome = (judge?: (count: WrkCount) => void) => Promise<Saturation>;

/** From this share of its cores on, who works is at the limit. The rest goes to what the kernel does in nobody's name. */
const BUSY = 0.9;
/** Who is busier is the one; both, where they are this close. */
const CLOSE = 0.02;
/** Between two looks whether wrk has begun, or has ended. Milliseconds. */
const PAUSE = 5;

/**
 * Drives each server for so long. Several take turns, and in those of the others each stands still, with the wrk that asks it; they must
 * do so before, and do so afterwards.
 * @param seconds of each, any part of one too
 * @returns of each, in their order
 * @throws the reason of `signal`, which ends it
 */
export async function drive(loads: readonly Load[], seconds: number, signal: AbortSignal): Promise<Outcome[]> {
  const driven: DrivenServer[] = [];
  const kill = (): void => {
    for (const server of driven) server.kill();
  };
  signal.addEventListener("abort", kill);
  try {
    for (const load of loads) {
      signal.throwIfAborted();
      const server = new DrivenServer(load, seconds);
      driven.push(server);
      await server.begin();
      if (loads.length > 1) server.pause();
    }
    await takeTurns(driven, signal);
    for (const server of driven) {
      await server.end();
      if (loads.length > 1) server.pause();
    }
    signal.throwIfAborted();
    return driven.map((server) => server.outcome());
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
  }
}

interface Look {
  readonly server: ProcessorTimes;
  readonly generator: ProcessorTimes;
  /** Milliseconds that it has worked. */
  readonly worked: number;
}

/** A server and the wrk that asks it, which work and stand still together. */
class DrivenServer implements Turning {
  readonly #load: Load;
  readonly #milliseconds: number;
  readonly #server: readonly number[];
  readonly #wrk: PinnedProcess;
  /** The server's, before the first request. */
  readonly #before: ProcessorTimes;
  readonly #began = performance.now();
  #stoodStill = 0;
  #pausedAt: number | undefined;
  /** wrk's time to read its visits is before the first, and its time to end behind the last. */
  #first: Look | undefined;
  #last: Look | undefined;

  constructor(load: Load, seconds: number) {
    this.#load = load;
    this.#milliseconds = seconds * 1000;
    this.#server = treeOf(load.served.processes.map(({ pid }) => pid));
    resume(this.#server);
    this.#before = processorTimes(this.#server);
    this.#wrk = startWrk(load);
  }

  /** Resolves when it asks, or has failed. */
  async begin(): Promise<void> {
    while (!this.#wrk.hasEnded && !hasBegun(this.#wrk)) await sleep(PAUSE);
    this.#first = this.#look();
  }

  get isOver(): boolean {
    return this.#wrk.hasEnded || this.#worked - this.#first!.worked >= this.#milliseconds;
  }

  /** Has wrk end, which it does within a tenth of a second; the server goes on until then. */
  async end(): Promise<void> {
    this.#last = this.#look();
    this.resume();
    while (!this.#wrk.hasEnded) {
      // Again and again: only wrk's first thread is woken by it, and the other may take it.
      this.#wrk.send("SIGINT");
      await sleep(PAUSE);
    }
  }

  kill(): void {
    void this.#wrk.stop("SIGKILL");
  }

  pause(): void {
    this.#pausedAt = performance.now();
    pause(this.#processes());
  }

  resume(): void {
    if (this.#pausedAt !== undefined) this.#stoodStill += performance.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    resume(this.#processes());
  }

  outcome(): Outcome {
    // From the first request to the last answer: both have what wrk counts, and nothing else.
    const spent = timeBetween(this.#before, processorTimes(this.#server));
    return async (judge = requireNoErrors) => {
      const count = readCount(await this.#wrk.finish());
      judge(count);
      const busy = busyBetween(this.#first!, this.#last!);
      const { served, core } = this.#load;
      return {
        requestsPerSecond: count.requests / (count.duration / 1e6 - this.#stoodStill / 1e3),
        processorTime: spent / 1000 / count.requests,
        ...busy,
        limit: limitOf(busy, { serving: served.cores, driving: core }),
      };
    };
  }

  get #worked(): number {
    return (this.#pausedAt ?? performance.now()) - this.#began - this.#stoodStill;
  }

  #processes(): number[] {
    return this.#wrk.hasEnded ? [...this.#server] : [this.#wrk.pid, ...this.#server];
  }

  #look(): Look {
    return {
      server: processorTimes(this.#server),
      generator: processorTimes([this.#wrk.pid]),
      worked: this.#worked,
    };
  }
}

function busyBetween(first: Look, last: Look): Pick<Saturation, "serverBusy" | "generatorBusy"> {
  const nanoseconds = (last.worked - first.worked) * 1e6;
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
