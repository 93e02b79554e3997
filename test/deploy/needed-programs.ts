/** Proxies are not installed everywhere. Where they must be, as in CI, PROXIES=required makes a missing one a failure. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Debian keeps servers where an ordinary user's PATH does not lead. */
const FOLDERS = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];

export function programPath(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Why a test that needs these programs cannot be made here, or `false`: tap's option `skip`.
 * @throws Error in place of a reason where PROXIES=required
 */
export function missing(...names: string[]): string | false {
  const absent = names.filter((name) => programPath(name) === undefined);
  const reason =
    process.platform !== "linux"
      ? "clients of many addresses are there on Linux only"
      : absent.length > 0 && `not installed: ${absent.join(", ")}`;
  if (reason !== false && process.env["PROXIES"] === "required") throw new Error(`PROXIES=required, but ${reason}`);
  return reason;
}
