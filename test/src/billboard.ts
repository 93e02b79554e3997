/** The program as people run it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The words that start a program without the instruments that the test runner puts into each process: they take longer
 * than a small command does, and write files of their own.
 */
export function bareProgram(file: string, ...words: readonly string[]): readonly [string, ...string[]] {
  return ["sh", "-c", 'unset NODE_OPTIONS NODE_V8_COVERAGE; exec "$@"', "sh", process.execPath, file, ...words];
}

/** @param environment all that it has, beside the PATH */
export function billboard(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Finished {
  const env = { PATH: process.env["PATH"], ...environment };
  const [program, ...args] = bareProgram(BILLBOARD, ...words);
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  return { status, stdout, stderr };
}
