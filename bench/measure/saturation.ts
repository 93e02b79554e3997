/** Measures how many requests servers answer at most, what each costs them, and who was at the limit. */
import { setTimeout as sleep } from "node:timers/promises";
import type { PinnedProcess } from "./pinned-process.js";
import { processorTimes, timeBetween, type ProcessorTimes } from "./process-times.js";
import { naming, type RunningServer } from "./running-server.js";
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

/** From this share of its core on, who works is at the limit. The kernel takes the rest, in nobody's name. */
const BUSY = 0.9;
/** Who is busier is the one; both, where they are this close. */
const CLOSE = 0.02;
const POLL_MS = 5;

interface Load {
  readonly connections: number;
  readonly core: number;
}

/**
 * Drives each server for so many seconds, in turns: each is paused with its wrk in those of the others, and afterwards.
 * @throws Error that names the server where a response was not good, or wrk failed; or the reason of `signal`
 */
export async function drive(
  servers: readonly RunningServer[],
  load: Load,
  seconds: number,
  signal: AbortSignal,
): Promise<Saturation[]> {
  const driven: DrivenServer[] = [];
  try {
    for (const running of servers) {
      signal.throwIfAborted();
      const server = new DrivenServer(running, load, seconds);
      driven.push(server);
      await server.begin();
    }
    await takeTurns(driven, signal);
    const saturations: Saturation[] = [];
    for (const [at, { server }] of servers.entries())
      saturations.push(await naming(server, signal, () => driven[at]!.end()));
    return saturations;
  } finally {
    for (const server of driven) server.kill();
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
  /** When wrk has read its visits. */
  #first!: Look;

  constructor({ pids, port, server }: RunningServer, load: Load, seconds: number) {
    this.#durationMs = seconds * 1000;
    this.#pids = pids;
    resume(this.#pids);
    this.#before = processorTimes(this.#pids);
    this.#wrk = startWrk({ ...load, port, visits: server.visits });
  }

  async begin(): Promise<void> {
    while (!this.#wrk.hasEnded && !hasBegun(this.#wrk)) await sleep(POLL_MS);
    this.#first = this.#look();
    this.pause();
  }

  get isOver(): boolean {
    return this.#wrk.hasEnded || this.#workedMs - this.#first.workedMs >= this.#durationMs;
  }

  /** Has wrk end, which it does within a tenth of a second; the server goes on until then. */
  async end(): Promise<Saturation> {
    const [first, last] = [this.#first, this.#look()];
    this.resume();
    while (!this.#wrk.hasEnded) {
      // Again and again: only wrk's first thread is woken by it, and the other may take it.
      this.#wrk.send("SIGINT");
      await sleep(POLL_MS);
    }
    this.pause();
    // From the first request to the last response, which is what wrk counts.
    const spent = timeBetween(this.#before, processorTimes(this.#pids));
    const { requests, duration } = readCount(await this.#wrk.finish());
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
