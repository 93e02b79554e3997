/** Runs the commands of the build as people do: each in a process of its own. */
import { spawnSync } from "node:child_process";
import { BILLBOARD, bareProgram, type Finished } from "../src/billboard.js";

export { bareProgram, type Finished };

type CommandName = "build" | "rollback" | "export";

/** The words that start a command, see `bareProgram`. */
export function bare(command: CommandName): readonly [string, ...string[]] {
  return bareProgram(BILLBOARD, command);
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
  const { status, stdout, stderr } = spawnSync(process.execPath, [BILLBOARD, command, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}
