/** Cores to how long a request would wait for them alone, by a program on each that does nothing but look at the clock. */
import { join } from "node:path";
import type { Percentiles } from "../open-loop/latencies.js";
import { PinnedProcess } from "../pinned-process.js";
import { waitsFor, type Watched } from "./pauses.js";

const PROGRAM = join(import.meta.dirname, "watch-clock.js");
/** What they need to begin, before all watch. Seconds. */
const BEFORE = 0.2;

/** What a server's latency consists of where the server takes no time: see `waitsFor`. */
export async function measurePauses(cores: readonly number[], seconds: number): Promise<Percentiles> {
  const args = [PROGRAM, String(seconds + BEFORE)];
  const watching = [...new Set(cores)].map((core) => new PinnedProcess({ command: process.execPath, args }, [core]));
  const watched = await Promise.all(watching.map(async (process) => JSON.parse(await process.finish()) as Watched));
  return waitsFor(watched);
}
