/** Starts the servers that are measured, and stops them. */
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../tools/free-port.js";
import type { PinnedProcess } from "./pinned-process.js";
import { treeOf } from "./process-times.js";
import { responseTo } from "./same-response.js";
import { firstVisit } from "./traffic.js";
import { pause, resume } from "./turns.js";

export interface Server {
  readonly name: string;
  readonly label: string;
  readonly visits: string;
  /** The name of the server whose response its own must equal; undefined where it has its own. */
  readonly respondsAs?: string;
  readonly start: (port: number, core: number) => Promise<Started> | Started;
}

export interface Started {
  readonly processes: readonly PinnedProcess[];
  stop(): Promise<void>;
}

const POLL_MS = 1;
const START_TIMEOUT_MS = 30_000;

export function startedOf(...processes: readonly PinnedProcess[]): Started {
  return {
    processes,
    stop: async () => {
      for (const process of processes) await process.stop();
    },
  };
}

/** Resolves at the first response of 200. @throws Error where a process has ended, or after half a minute */
export async function firstResponse(
  { processes }: Pick<Started, "processes">,
  port: number,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const end = performance.now() + START_TIMEOUT_MS;
  let last = "none";
  while (performance.now() < end) {
    signal.throwIfAborted();
    try {
      const { status } = await responseTo(port, { path, cookie: "" });
      if (status === 200) return;
      last = `status ${status}`;
    } catch (error) {
      last = (error as Error).message;
    }
    const ended = processes.find(({ hasEnded }) => hasEnded);
    if (ended !== undefined) throw new Error(`it has ended before it answered: ${ended.lastError}`);
    await sleep(POLL_MS);
  }
  throw new Error(`no response of 200 to ${path} within ${START_TIMEOUT_MS / 1000} s; the last: ${last}`);
}

export class RunningServer {
  private constructor(
    readonly server: Server,
    readonly started: Started,
    readonly port: number,
    readonly startMs: number,
  ) {}

  static async start(server: Server, core: number, signal: AbortSignal): Promise<RunningServer> {
    signal.throwIfAborted();
    return naming(server, signal, async () => {
      const { path } = await firstVisit(server.visits);
      const port = await freePort();
      const began = performance.now();
      const started = await server.start(port, core);
      try {
        await firstResponse(started, port, path, signal);
        return new RunningServer(server, started, port, performance.now() - began);
      } catch (error) {
        await started.stop();
        throw error;
      }
    });
  }

  get pids(): number[] {
    return treeOf(this.started.processes.map(({ pid }) => pid));
  }

  pause(): void {
    pause(this.pids);
  }

  resume(): void {
    resume(this.pids);
  }

  async stop(): Promise<void> {
    this.resume();
    await this.started.stop();
  }
}

export async function withServer<T>(
  server: Server,
  core: number,
  signal: AbortSignal,
  use: (running: RunningServer) => Promise<T>,
): Promise<T> {
  const running = await RunningServer.start(server, core, signal);
  try {
    return await naming(server, signal, () => use(running));
  } finally {
    await running.stop();
  }
}

export async function naming<T>({ name }: Server, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
