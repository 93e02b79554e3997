/** Finds programs that are installed, and their versions. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps PostgreSQL's programs by version, and servers in folders outside of an ordinary user's PATH. */
const POSTGRESQL = "/usr/lib/postgresql";
const SYSTEM_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];
const VERSION_OPTION: Readonly<Record<string, string>> = { nginx: "-v", wrk: "-v", memcached: "-V" };

function postgresqlFolders(): string[] {
  try {
    const versions = readdirSync(POSTGRESQL).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(POSTGRESQL, version, "bin"));
  } catch {
    return [];
  }
}

export function findProgram(name: string): string | undefined {
  const path = (process.env["PATH"] ?? "").split(delimiter);
  return [...path, ...SYSTEM_FOLDERS, ...postgresqlFolders()]
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

export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  return path;
}

export function programVersions(names: readonly string[]): Record<string, string> {
  const versions = names.flatMap((name) => {
    const path = findProgram(name);
    if (path === undefined) return [];
    // Some print it on standard error, with an exit code that is not 0.
    const { stdout, stderr } = spawnSync(path, [VERSION_OPTION[name] ?? "--version"], { encoding: "utf8" });
    const [version] = /\d+(?:\.\d+)+/.exec(stdout + stderr) ?? ["unknown"];
    return [[name, version] as const];
  });
  return Object.fromEntries(versions);
}
