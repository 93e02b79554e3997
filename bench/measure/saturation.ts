/** Measures how many requests servers answer at most, what each costs them, and who was at the limit. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PinnedProcess } from "./pinned-process.js";
import { processorTimes, timeBetween, type ProcessorTimes } from "./process-times.js";
import type { RunningServer } from "./running-server.js";
import { pause, resume, takeTurns, type Turning } from "./turns.js";
import { hasBegun, readCount, startWrk } from "./wrk.js";

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

/** What came of a load. @throws Error where a response was not good, or wrk failed */
export type Outcome = () => Promise<Saturation>;

/** From this share of its core on, who works is at the limit. The kernel takes the rest, in nobody's name. */
const BUSY = 0.9;
/** Who is busier is the one; both, where they are this close. */
const CLOSE = 0.02;
const POLL_MS = 5;

/**
 * Drives each server for so many seconds. Several take turns, each paused with its wrk in those of the others; they
 * must be paused before, and are so afterwards.
 * @throws the reason of `signal`, which ends it
 */
export async function drive(
  servers: readonly RunningServer[],
  load: { readonly connections: number; readonly core: number },
  seconds: number,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const driven: DrivenServer[] = [];
  const kill = (): void => {
    for (const server of driven) server.kill();
  };
  signal.addEventListener("abort", kill);
  try {
    for (const running of servers) {
      signal.throwIfAborted();
      const server = new DrivenServer(running, load, seconds);
      driven.push(server);
      await server.begin();
      if (servers.length > 1) server.pause();
    }
    await takeTurns(driven, signal);
    for (const server of driven) {
      await server.end();
      if (servers.length > 1) server.pause();
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
  readonly workedMs: number;
}

class DrivenServer implements Turning {
  readonly #durationMs: number;
  readonly #pids: readonly number[];
  readonly #wrk: PinnedProcess;
  readonly #before: ProcessorTimes;
  readonly #began = performance.now();
  #pausedMs = 0;
  #pausedAt: number | undefined;
  /** wrk's time to read its visits is before the first, and its time to end behind the last. */
  #first: Look | undefined;
  #last: Look | undefined;

  constructor(
    { pids, port, server }: RunningServer,
    load: { readonly connections: number; readonly core: number },
    seconds: number,
  ) {
    this.#durationMs = seconds * 1000;
    this.#pids = pids;
    resume(this.#pids);
    this.#before = processorTimes(this.#pids);
    this.#wrk = startWrk({ ...load, port, visits: server.visits });
  }

  async begin(): Promise<void> {
    while (!this.#wrk.hasEnded && !hasBegun(this.#wrk)) await sleep(POLL_MS);
    this.#first = this.#look();
  }

  get isOver(): boolean {
    return this.#wrk.hasEnded || this.#workedMs - this.#first!.workedMs >= this.#durationMs;
  }

  /** Has wrk end, which it does within a tenth of a second; the server goes on until then. */
  async end(): Promise<void> {
    this.#last = this.#look();
    this.resume();
    while (!this.#wrk.hasEnded) {
      // Again and again: only wrk's first thread is woken by it, and the other may take it.
      this.#wrk.send("SIGINT");
      await sleep(POLL_MS);
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
    if (this.#pausedAt !== undefined) this.#pausedMs += performance.now() - this.#pausedAt;
    this.#pausedAt = undefined;
    resume(this.#processes());
  }

  outcome(): Outcome {
    // From the first request to the last response, which is what wrk counts.
    const spent = timeBetween(this.#before, processorTimes(this.#pids));
    return async () => {
      const { requests, duration } = readCount(await this.#wrk.finish());
      const [first, last] = [this.#first!, this.#last!];
      const nanoseconds = (last.workedMs - first.workedMs) * 1e6;
      const serverBusy = timeBetween(first.server, last.server) / nanoseconds;
      const generatorBusy = timeBetween(first.generator, last.generator) / nanoseconds;
      return {
        requestsPerSecond: requests / (duration / 1e6 - this.#pausedMs / 1e3),
        processorTime: spent / 1000 / requests,
        serverBusy,
        generatorBusy,
        limit: limitOf(serverBusy, generatorBusy),
      };
    };
  }

  get #workedMs(): number {
    return (this.#pausedAt ?? performance.now()) - this.#began - this.#pausedMs;
  }

  #processes(): number[] {
    return this.#wrk.hasEnded ? [...this.#pids] : [this.#wrk.pid, ...this.#pids];
  }

  #look(): Look {
    const generator = processorTimes([this.#wrk.pid]);
    return { server: processorTimes(this.#pids), generator, workedMs: this.#workedMs };
  }
}

export function limitOf(serverBusy: number, generatorBusy: number): Limit {
  if (Math.max(serverBusy, generatorBusy) < BUSY) return "neither";
  if (Math.abs(serverBusy - generatorBusy) <= CLOSE) return "both";
  return serverBusy > generatorBusy ? "server" : "generator";
}
