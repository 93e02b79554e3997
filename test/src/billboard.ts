/** The program as people run it. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

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

/**
 * The same beside an event loop that goes on: that of a server in the test.
 * @param options of Node.js
 */
export async function billboardBeside(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<Finished> {
  const env = { PATH: process.env["PATH"], ...environment };
  const [first = BILLBOARD, ...others] = [...options, BILLBOARD, ...words];
  const [program, ...args] = bareProgram(first, ...others);
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = (await once(child, "close")) as [number | null];
  const [stdout, stderr] = await outputs;
  return { status, stdout, stderr };
}
