/** An arm to its server, for as long as somebody uses it. */
import type { Arm } from "./arm.js";
import type { Running } from "./contenders/contender.js";
import { firstAnswer, freePort } from "./first-answer.js";
import { treeOf } from "./process-times.js";
import { firstVisit } from "./traffic.js";
import { pause, resume } from "./turns.js";

/** The server of an arm; it answers. */
export class RunningArm {
  readonly arm: Arm;
  readonly running: Running;
  readonly port: number;
  /** From the start of its processes to the first answer of 200. Milliseconds. */
  readonly start: number;

  private constructor(arm: Arm, running: Running, port: number, start: number) {
    this.arm = arm;
    this.running = running;
    this.port = port;
    this.start = start;
  }

  /** @throws Error whose message is one line that names the arm, or the reason of `signal`; the server has ended then */
  static async start(arm: Arm, signal: AbortSignal): Promise<RunningArm> {
    signal.throwIfAborted();
    return named(arm, signal, async () => {
      const { path } = await firstVisit(arm.visits);
      const port = await freePort();
      const began = performance.now();
      const running = await arm.start(port, arm.cores);
      try {
        await firstAnswer(running, port, path, signal);
        return new RunningArm(arm, running, port, performance.now() - began);
      } catch (error) {
        await running.stop();
        throw error;
      }
    });
  }

  /** The ids of its processes and of all their children. */
  get processes(): number[] {
    return treeOf(this.running.processes.map(({ pid }) => pid));
  }

  pause(): void {
    pause(this.processes);
  }

  resume(): void {
    resume(this.processes);
  }

  /** Whether it stands still or not. */
  async stop(): Promise<void> {
    this.resume();
    await this.running.stop();
  }
}

/** @throws Error as `RunningArm.start`; the server has ended either way */
export async function withServer<T>(
  arm: Arm,
  signal: AbortSignal,
  use: (served: RunningArm) => Promise<T>,
): Promise<T> {
  const served = await RunningArm.start(arm, signal);
  try {
    return await named(arm, signal, () => use(served));
  } finally {
    await served.stop();
  }
}

/** @throws Error whose message is one line that names the arm, or the reason of `signal` */
export async function named<T>({ name }: Pick<Arm, "name">, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
