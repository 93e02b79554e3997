/** Runs the commands of the build as people do: each in a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type CommandName = "build" | "rollback" | "export";

/** The arguments of Node.js that run a command. */
function argumentsOf(command: CommandName): [string, string] {
  return [join(import.meta.dirname, "../../build/commands/run.js"), command];
}

/**
 * The words that start a command without the instruments that the test runner puts into each process: they take longer than a
 * small build does, and write files of their own.
 */
export function bare(command: CommandName): readonly [string, ...string[]] {
  return bareProgram(...argumentsOf(command));
}

/** The same for any program of ours. */
export function bareProgram(...words: readonly string[]): readonly [string, ...string[]] {
  return ["sh", "-c", 'unset NODE_OPTIONS NODE_V8_COVERAGE; exec "$@"', "sh", process.execPath, ...words];
}

/** @param environment is added to this process's own */
export function buildIndex(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Finished {
  return run("build", words, environment, folder);
}

export function run(
  command: CommandName,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...argumentsOf(command), ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}
