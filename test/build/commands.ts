/** The commands as people run them: each a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function programOf(command: "build" | "rollback" | "export"): string {
  return join(import.meta.dirname, "../../build/commands", `${command}.js`);
}

/**
 * The words that start a command without the instruments that the test runner puts into each process: they take longer than a
 * small build does, and write files of their own.
 */
export function bare(command: Parameters<typeof programOf>[0]): readonly [string, ...string[]] {
  return bareProgram(programOf(command));
}

/** The same for any program of ours. */
export function bareProgram(file: string): readonly [string, ...string[]] {
  return ["sh", "-c", 'unset NODE_OPTIONS NODE_V8_COVERAGE; exec "$@"', "sh", process.execPath, file];
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
  command: Parameters<typeof programOf>[0],
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [programOf(command), ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}
