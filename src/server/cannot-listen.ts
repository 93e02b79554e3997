/** Says why an address cannot be listened on, and what to do. */
import { lookup } from "node:dns/promises";

export type Prefix = "" | "ADMIN_" | "HEALTH_" | "CONVERSION_";

export class CannotListenError extends Error {
  override readonly name = "CannotListenError";
  constructor(host: string, port: number, prefix: Prefix = "", cause?: unknown) {
    const address = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    super(`cannot listen on ${address}: ${reasonOf(cause, `${prefix}HOST`, `${prefix}PORT`)}`, { cause });
  }
}

function reasonOf(cause: unknown, host: string, port: string): string {
  const { code = "", message } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code === "EADDRINUSE") return `the port is taken: end what listens there, or set ${port} to another`;
  if (code === "EADDRNOTAVAIL") return `the address is not this machine's: set ${host} to one that is`;
  if (code === "EACCES")
    return `this user may not take a port below 1024: set ${port} to a higher one, or give CAP_NET_BIND_SERVICE`;
  if (code === "ENOTFOUND" || code.startsWith("EAI_"))
    return `the name does not resolve: set ${host} to an address of this machine`;
  return `${message ?? "the port was taken meanwhile, or cannot be opened"}: see ${host} and ${port}`;
}

/** @throws CannotListenError */
export async function addressOf(host: string, port: number, prefix: Prefix = ""): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw new CannotListenError(host, port, prefix, error);
  }
}
