/** Finds the running server by its pid file, or by the address of its administration port, and asks it. */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { readToken } from "../admin/token.js";
import { readConfig, settingOptions } from "../config.js";
import { readPidFile, type ServerProcess } from "./pid-file.js";
import { adminUrlOf } from "./url.js";

const ADDRESS = settingOptions(["ADMIN_HOST", "ADMIN_PORT", "ADMIN_SOCKET"]);

export const SERVER_OPTIONS = { ...settingOptions(["PID_FILE"]), ...ADDRESS, ...settingOptions(["ADMIN_TOKEN_FILE"]) };

export const SERVER_NOTES = `The server is the one that the pid file names. Where it names none that runs, without --pid-file
and PID_FILE, or where --admin-host, --admin-port or --admin-socket is given, it is the one at the address of the
administration port.
Where it asks for a token, that is the one of --admin-token-file, ADMIN_TOKEN_FILE or ADMIN_TOKEN.`;

export type FoundServer = Pick<ServerProcess, "adminUrl"> &
  Partial<ServerProcess> & { readonly token: string | undefined };

/** Whether there is one shows when it is asked. @throws UsageError */
export function findServer(options: Readonly<Record<string, unknown>>): FoundServer {
  const config = readConfig(options);
  const token = readToken(config);
  const isAddressGiven = Object.keys(ADDRESS).some((name) => options[name] !== undefined);
  const server = config.PID_FILE === "" || isAddressGiven ? undefined : readPidFile(config.PID_FILE);
  return { ...(server ?? { adminUrl: adminUrlOf(config) }), token };
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Resolves with undefined where nothing listens there. @throws Error whose message is one line */
export async function ask(
  { adminUrl, token }: FoundServer,
  method: "GET" | "POST",
  path: string,
  timeoutMs?: number,
): Promise<Answer | undefined> {
  const url = `${adminUrl}${path}`;
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const signal = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
  const options = { method, headers, agent: false, ...signal } as const;
  try {
    const socketPath = /^unix:(.*)$/s.exec(adminUrl)?.[1];
    const sent = socketPath === undefined ? request(url, options) : request({ ...options, socketPath, path });
    sent.end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return { status: response.statusCode!, text: (await text(response)).trim() };
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code === "ECONNREFUSED" || code === "ENOENT") return undefined;
    const reason = code === "ABORT_ERR" ? `none came in ${timeoutMs! / 1000} s` : message;
    throw new Error(`${url}: no response: ${reason}`, { cause: error });
  }
}
