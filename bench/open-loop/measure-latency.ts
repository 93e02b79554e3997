/** A running server and a rate to the latency of its answers, by a load generator on a core of its own. */
import { join } from "node:path";
import { PinnedProcess } from "../pinned-process.js";
import type { Latency, Load } from "./drive-load.js";

export type { Latency } from "./drive-load.js";

const PROGRAM = join(import.meta.dirname, "generate-load.js");

/** Whoever sends so many must have been compiled before the first that counts. Seconds. */
const WARM_UP = 0.5;

/** @throws Error for any answer but 200, for a connection that closes, and for requests without an answer */
export async function measureLatency({
  visits,
  core,
  ...load
}: Omit<Load, "warmUp"> & { visits: string; core: number }): Promise<Latency> {
  const task = JSON.stringify({ warmUp: WARM_UP, ...load, visits });
  const generator = new PinnedProcess({ command: process.execPath, args: [PROGRAM, task] }, [core]);
  return JSON.parse(await generator.finish()) as Latency;
}
