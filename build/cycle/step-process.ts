/** Runs another command of this program as a process of its own, whose memory and failures are not this one's. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  /** Lines, the last of which says what failed where something did. */
  readonly errors: readonly string[];
}

/** @param hurry ends the process when it aborts */
export async function runCommandApart(words: readonly string[], hurry: AbortSignal): Promise<Finished> {
  const [command = ""] = words;
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: Ctrl-C in a terminal signals all of one, and a step that has begun is let finish.
    detached: process.platform !== "win32",
  });
  const end = (): void => {
    child.kill("SIGTERM");
  };
  hurry.addEventListener("abort", end);
  try {
    const closed = once(child, "close") as Promise<[number | null]>;
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    const lines = stderr.split("\n").filter((line) => line !== "");
    return { status, stdout, errors: lines.map((line) => line.replace(`billboard ${command}: `, "")) };
  } finally {
    hurry.removeEventListener("abort", end);
  }
}
