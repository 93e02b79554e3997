/** Those that are measured together to turns: one works while the others stand still, so that all meet the same moments of the machine. */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Short against what drifts on a machine, and long against what it takes to have one's data in the processor's cache again. With turns of
 * 20 to 100 ms a server differed from itself by 1.05 at the most in 5 rounds, with one of a second by 1.3. Milliseconds.
 */
const TURN = 50;

export interface Turning {
  readonly isOver: boolean;
  pause(): void;
  resume(): void;
}

const standing = new Set<number>();
process.once("exit", () => {
  resume([...standing]);
});

/** Has processes stand still, as a shell's Ctrl-Z does. One that has ended stays so. */
export function pause(pids: readonly number[]): void {
  for (const pid of pids) {
    standing.add(pid);
    send(pid, "SIGSTOP");
  }
}

export function resume(pids: readonly number[]): void {
  for (const pid of pids) {
    standing.delete(pid);
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

/**
 * Until all are over. Whoever comes, stands still; whoever has had the last turn, does so too; one that is alone, never.
 * @throws the reason of `signal`
 */
export async function takeTurns(all: readonly Turning[], signal: AbortSignal): Promise<void> {
  const isAlone = all.length === 1;
  let working: Turning | undefined;
  const work = (next: Turning | undefined): void => {
    if (next === working || isAlone) return;
    working?.pause();
    next?.resume();
    working = next;
  };
  for (let round = 1; all.some(({ isOver }) => !isOver); round++)
    for (const next of inOrderOf(round, all)) {
      if (next.isOver) continue;
      signal.throwIfAborted();
      work(next);
      await sleep(TURN);
    }
  work(undefined);
}

/** A B C, then C B A: so none has always the same one before it, and what drifts during a round is shared out. */
export function inOrderOf<T>(round: number, all: readonly T[]): readonly T[] {
  return round % 2 === 1 ? all : all.toReversed();
}
