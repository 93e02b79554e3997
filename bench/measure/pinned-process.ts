/** Runs a program in a process of its own on given cores, which ends when this process does. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly stopSignal?: NodeJS.Signals;
}

const STOP_MS = 5_000;
const MAX_ERROR_OUTPUT = 10_000;

const alive = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

export class PinnedProcess {
  readonly output: Promise<string>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #command: string;
  readonly #stopSignal: NodeJS.Signals;
  #errorOutput = "";

  constructor({ command, args, environment, uid, stopSignal = "SIGTERM" }: Program, cores?: readonly number[]) {
    this.#command = command;
    this.#stopSignal = stopSignal;
    // `taskset` becomes the program, so that the process is the program's own.
    const pinned = cores === undefined ? [] : ["taskset", "--cpu-list", cores.join(",")];
    const [file = command, ...words] = [...pinned, command, ...args];
    const child = spawn(file, words, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      ...(uid !== undefined && { uid }),
    });
    alive.add(child);
    this.#child = child;
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-MAX_ERROR_OUTPUT);
    });
    this.#ended = once(child, "close").finally(() => alive.delete(child));
    this.output = this.#ended.then(() => output);
    // Avoids an unhandled rejection where nobody waits for the process.
    this.output.catch(() => undefined);
  }

  /** The program finds the task in `process.argv[2]`, as JSON. */
  static ofTask(program: string, task: unknown, cores?: readonly number[]): PinnedProcess {
    return new PinnedProcess({ command: process.execPath, args: [program, JSON.stringify(task)] }, cores);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get lastError(): string {
    const [, thrown] = /^\w*Error: (.+)$/m.exec(this.#errorOutput) ?? [];
    return (
      (thrown ?? this.#errorOutput.trim().split("\n").at(-1)) ||
      `${this.#command} ended with ${String(this.#child.exitCode ?? this.#child.signalCode)}`
    );
  }

  /** @throws Error with its last error where it failed, or the reason of `signal`, which kills it */
  async finish(signal?: AbortSignal): Promise<string> {
    const kill = (): void => void this.stop("SIGKILL");
    signal?.addEventListener("abort", kill);
    const output = await this.output;
    signal?.removeEventListener("abort", kill);
    signal?.throwIfAborted();
    if (this.#child.exitCode !== 0) throw new Error(this.lastError);
    return output;
  }

  send(signal: NodeJS.Signals): void {
    if (!this.hasEnded) this.#child.kill(signal);
  }

  async stop(signal = this.#stopSignal): Promise<void> {
    this.send(signal);
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
