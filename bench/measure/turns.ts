/** Has servers work in turns, the others stopped, so that all meet the same moments of the machine. */
import { setTimeout as sleep } from "node:timers/promises";

/** With 20 to 100 ms a server differed from itself by a factor of 1.05 at most in 5 rounds, with 1 s by 1.3. */
const TURN_MS = 50;

export interface Turning {
  readonly isOver: boolean;
  pause(): void;
  resume(): void;
}

const paused = new Set<number>();
process.once("exit", () => {
  resume([...paused]);
});

export function pause(pids: readonly number[]): void {
  for (const pid of pids) {
    paused.add(pid);
    send(pid, "SIGSTOP");
  }
}

export function resume(pids: readonly number[]): void {
  for (const pid of pids) {
    paused.delete(pid);
    send(pid, "SIGCONT");
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** All must be paused before, and are so afterwards. @throws the reason of `signal` */
export async function takeTurns(all: readonly Turning[], signal: AbortSignal): Promise<void> {
  let working: Turning | undefined;
  for (let round = 1; all.some(({ isOver }) => !isOver); round++)
    for (const next of inOrderOf(round, all)) {
      if (next.isOver) continue;
      signal.throwIfAborted();
      if (next !== working) {
        working?.pause();
        next.resume();
        working = next;
      }
      await sleep(TURN_MS);
    }
  working?.pause();
}

/** A B C, then C B A, so that what drifts during a round is shared out. */
export function inOrderOf<T>(round: number, all: readonly T[]): readonly T[] {
  return round % 2 === 1 ? all : all.toReversed();
}
