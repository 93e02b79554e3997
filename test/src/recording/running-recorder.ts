/** Runs a process that records, and speaks with it. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Test } from "tap";
import type { RecordingState } from "../../../src/recording/recorder.js";
import type { Command } from "./recorder-program.js";

export const RECORDER_PROGRAM = join(import.meta.dirname, "recorder-program.js");

/** What the program says: of its log, or of itself. */
export interface Line {
  readonly event?: string;
  readonly state?: string | RecordingState;
  readonly msg?: string;
  readonly reason?: string;
  readonly done?: string;
  readonly error?: string;
  readonly showing?: number;
  readonly recorded?: number;
}

export class RunningRecorder {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly lines: Line[] = [];
  #onLine: () => void = () => undefined;

  /** @param words what runs before it, such as a shell that sets a limit and then gives its place to "$@" */
  constructor(t: Test, folder: string, words: readonly string[] = [], environment: Record<string, string> = {}) {
    const [program, ...rest] = [...words, process.execPath, RECORDER_PROGRAM, folder];
    this.process = spawn(program, rest, {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...environment },
    });
    t.teardown(() => this.process.kill("SIGKILL"));
    this.exited = once(this.process, "exit").then(([code]) => {
      this.#onLine();
      return code as number | null;
    });
    createInterface({ input: this.process.stdout! }).on("line", (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#onLine();
    });
  }

  /** The first line of this kind from the `start`th on. @throws where the process ends before */
  async line(isIt: (line: Line) => boolean, start = 0): Promise<Line> {
    for (let at = start; ; at++) {
      while (at >= this.lines.length) {
        if (this.process.exitCode !== null) throw new Error(`it ended with ${this.process.exitCode}`);
        await new Promise<void>((resolve) => (this.#onLine = resolve));
      }
      if (isIt(this.lines[at]!)) return this.lines[at]!;
    }
  }

  opened(): Promise<Line> {
    return this.line(({ done }) => done === "open");
  }

  /** Resolves when the log says so. */
  async logged(state: string, start = 0): Promise<Line> {
    return this.line((line) => line.event === "recording" && line.state === state, start);
  }

  /** Resolves when it is carried out. */
  async tell(command: Command): Promise<{ readonly error: string | undefined; readonly state: RecordingState }> {
    const start = this.lines.length;
    this.process.stdin!.write(`${JSON.stringify(command)}\n`);
    const { error, state } = await this.line(({ done }) => done === command.do, start);
    return { error, state: state as RecordingState };
  }

  /** The states that the log tells, in order. */
  get states(): readonly string[] {
    return this.lines.filter(({ event }) => event === "recording").map(({ state }) => state as string);
  }
}
