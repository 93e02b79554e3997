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
  /** Microseconds a request, of all the server's processes. */
  readonly processorTime: number;
  /** Processor time by time: 1 is a whole core. */
  readonly serverBusy: number;
  readonly generatorBusy: number;
  readonly limit: Limit;
}

/** A process that takes more of its core is at the limit: the kernel takes the rest, and counts it for no process. */
const BUSY = 0.9;
const CLOSE = 0.02;
const POLL_MS = 5;

interface Load {
  readonly connections: number;
  readonly core: number;
}

/** Each is paused outside of its turns, and afterwards. @throws Error that names the server, or the signal's reason */
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

  async end(): Promise<Saturation> {
    const [first, last] = [this.#first, this.#look()];
    this.resume();
    while (!this.#wrk.hasEnded) {
      // Again and again: SIGINT wakes only wrk's first thread, and the other one may take it.
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
