/** Names the URLs by which this machine reaches what a server listens on. */
import { resolve } from "node:path";
import type { Config } from "../config.js";

export function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Without a slash at the end; `unix:/path` for a Unix socket. `port` is the one taken where the setting is 0. */
export function adminUrlOf(
  { ADMIN_SOCKET, ADMIN_HOST, ADMIN_PORT }: Pick<Config, "ADMIN_SOCKET" | "ADMIN_HOST" | "ADMIN_PORT">,
  port = ADMIN_PORT,
): string {
  return ADMIN_SOCKET === "" ? urlOf(ADMIN_HOST, port) : `unix:${resolve(ADMIN_SOCKET)}`;
}
