/** Finds the running server by its pid file, or by the address of its administration port. */
import { readConfig, settingOptions } from "../config.js";
import { readPidFile, type ServerProcess } from "./pid-file.js";
import { urlOf } from "./url.js";

/** The options of a command that asks the running server. */
export const SERVER_OPTIONS = settingOptions(["PID_FILE", "ADMIN_HOST", "ADMIN_PORT"]);

export const SERVER_NOTES = `The server is the one that the pid file names. Without --pid-file and PID_FILE,
or where --admin-host or --admin-port is given, it is the one at the address of the administration port.`;

/** @returns undefined where the pid file names no running server; no `pid` where there is an address only */
export function findServer(
  options: Readonly<Record<string, unknown>>,
): ServerProcess | { readonly adminUrl: string; readonly pid?: never } | undefined {
  const { PID_FILE, ADMIN_HOST, ADMIN_PORT } = readConfig(options);
  const isAddressGiven = options["admin-host"] !== undefined || options["admin-port"] !== undefined;
  if (PID_FILE !== "" && !isAddressGiven) return readPidFile(PID_FILE);
  return { adminUrl: urlOf(ADMIN_HOST, ADMIN_PORT) };
}

/**
 * Asks the administration port. Resolves with undefined where nothing listens there.
 * @throws Error whose message is one line
 */
export async function ask(url: string, request?: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(url, request);
  } catch (error) {
    // `fetch` hides in the cause why it got no response.
    const { message, cause = error } = error as Error & { cause?: NodeJS.ErrnoException };
    if ((cause as NodeJS.ErrnoException).code === "ECONNREFUSED") return undefined;
    throw new Error(`${url}: no response: ${(cause as Error).message || message}`, { cause: error });
  }
}
