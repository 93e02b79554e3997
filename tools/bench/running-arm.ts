/** An arm to its server, for as long as somebody uses it. */
import type { Arm } from "./arm.js";
import type { Running } from "./contenders/contender.js";
import { firstAnswer, freePort } from "./first-answer.js";
import { firstVisit } from "./traffic.js";

export interface ServedArm {
  readonly running: Running;
  readonly port: number;
  /** From the start of its processes to the first answer of 200. Milliseconds. */
  readonly start: number;
}

/** @throws Error whose message is one line that names the arm, or the reason of `signal`; the server has ended either way */
export async function withServer<T>(
  { name, start: startServer, cores, visits }: Arm,
  signal: AbortSignal,
  use: (served: ServedArm) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const { path } = await firstVisit(visits);
  const port = await freePort();
  try {
    const began = performance.now();
    const running = await startServer(port, cores);
    try {
      await firstAnswer(running, port, path, signal);
      return await use({ running, port, start: performance.now() - began });
    } finally {
      await running.stop();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}
