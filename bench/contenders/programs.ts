/** The names of programs to where they are, and which version. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Contender } from "./contender.js";

/** Debian keeps PostgreSQL's programs by version. */
const POSTGRESQL = "/usr/lib/postgresql";

/** Debian keeps servers where an ordinary user's PATH does not lead. */
function folders(): string[] {
  return [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin", ...postgresqlFolders()];
}

function postgresqlFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRESQL).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(POSTGRESQL, version, "bin"));
  } catch {
    // It is not installed there, or not at all.
    return [];
  }
}

export function findProgram(name: string): string | undefined {
  return folders()
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** @throws Error where it is not installed */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

/** Those that a contender needs and that are not there. */
export function missingPrograms({ needs }: Pick<Contender, "needs">): string[] {
  return needs.filter((name) => findProgram(name) === undefined);
}

/** How each is asked; most by `--version`. */
const ASKED: Readonly<Record<string, string>> = { nginx: "-v", wrk: "-v", memcached: "-V" };

/** What each says of itself, in one line; none where it is not installed. */
export function programVersions(names: readonly string[]): Record<string, string> {
  const versions = names.flatMap((name) => {
    const path = findProgram(name);
    if (path === undefined) return [];
    // Some say it on standard error, and with an exit code that is not 0.
    const { stdout, stderr } = spawnSync(path, [ASKED[name] ?? "--version"], { encoding: "utf8" });
    const [version] = /\d+(?:\.\d+)+/.exec(stdout + stderr) ?? ["unknown"];
    return [[name, version] as const];
  });
  return Object.fromEntries(versions);
}
