/** `build-index` as people run it: a process of its own. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const BUILD_INDEX = join(import.meta.dirname, "../../build/build-index.js");

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param environment is added to this process's own */
export function buildIndex(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = process.cwd(),
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BUILD_INDEX, ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}
