/** A program to a process of its own on given cores, and to its end, however this process ends. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A user's id that it runs as, where this process may choose; else this process's own. */
  readonly uid?: number;
}

/** How long a process may take to end before it is killed. Milliseconds. */
const PATIENCE = 5_000;
/** What is kept of a process's complaints. Characters. */
const MOST_COMPLAINT = 10_000;

const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

export class PinnedProcess {
  /** Resolves with what it has written to standard output, once it has ended. */
  readonly output: Promise<string>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #command: string;
  #complaint = "";

  /** @param cores on which it and its children run, numbered as the kernel does */
  constructor({ command, args, environment = {}, uid }: Program, cores: readonly number[]) {
    this.#command = command;
    // `taskset` becomes the program, so that the process is the program's own.
    const child = spawn("taskset", ["--cpu-list", cores.join(","), command, ...args], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      ...(uid !== undefined && { uid }),
    });
    alive.add(child);
    this.#child = child;
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MOST_COMPLAINT);
    });
    this.#ended = once(child, "close").finally(() => alive.delete(child));
    this.output = this.#ended.then(() => output);
    // Whoever waits for it is told; a process that nobody waits for may fail as it likes.
    this.output.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Its last complaint on standard error, as one line. */
  get complaint(): string {
    return (
      this.#complaint.trim().split("\n").at(-1) ||
      `${this.#command} ended with ${String(this.#child.exitCode ?? this.#child.signalCode)}`
    );
  }

  /**
   * Resolves with its output when it has ended by itself.
   * @throws Error with its complaint where it failed
   */
  async finish(): Promise<string> {
    const output = await this.output;
    if (this.#child.exitCode !== 0) throw new Error(this.complaint);
    return output;
  }

  send(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.#child.kill(signal);
  }

  /** Asks it to end, and resolves when it has. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.send(signal);
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), PATIENCE);
    await this.#ended;
    clearTimeout(patience);
  }
}
