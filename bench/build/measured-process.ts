/** A program of this folder to what it says of itself, in a process of its own that nothing has warmed up. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/** What a measured program writes to its standard output besides its findings. */
export interface Usage {
  /** Bytes. */
  readonly peakMemory: number;
  /** Of all threads, user and system, in seconds. */
  readonly processorTime: number;
}

/** Seconds from before the process begins until it has ended. */
export interface Measured<T> extends Usage {
  readonly seconds: number;
  readonly findings: T;
}

/** Called by the program. */
export function report(findings: unknown): void {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage: Usage = { peakMemory: maxRSS * 1024, processorTime: (userCPUTime + systemCPUTime) / 1e6 };
  process.stdout.write(JSON.stringify({ ...usage, findings }));
}

/**
 * @param task what the program finds in `process.argv[2]`, as JSON
 * @throws Error where the program fails, or the reason of `signal`, which ends it
 */
export async function measure<T>(program: string, task: unknown, signal: AbortSignal): Promise<Measured<T>> {
  signal.throwIfAborted();
  const start = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, `${program}.js`), JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = (): boolean => child.kill("SIGKILL");
  signal.addEventListener("abort", kill);
  try {
    const output = text(child.stdout);
    const [code, killer] = (await once(child, "exit")) as [number | null, string | null];
    const seconds = (performance.now() - start) / 1000;
    const written = await output;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`${program} ended with ${code ?? killer ?? "no code"}`);
    return { seconds, ...(JSON.parse(written) as Usage & { findings: T }) };
  } finally {
    signal.removeEventListener("abort", kill);
  }
}
