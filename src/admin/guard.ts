/**
 * Keeps other sites' pages off the administration port, which a browser of this machine can reach: a page could post to
 * it, which the Origin header tells, or have its own name point at this machine (DNS rebinding), which the Host header
 * tells.
 */
import type { IncomingHttpHeaders } from "node:http";

/** Of "host", "host:port" or "[address]:port", in lower case and without brackets; undefined for another form. */
function hostOf(authority: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/?#@\s]+))(?::\d{1,5})?$/i.exec(authority);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/**
 * Says to its sender why a request is refused; undefined where it is not.
 * @param localAddress the address of this machine that the connection came in at
 * @param allowedHosts further names of this server, in lower case
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  localAddress: string,
  allowedHosts: readonly string[],
): string | undefined {
  const { host: authority, origin } = headers;
  // Every browser sends Host; a health check that speaks HTTP/1.0 may not.
  const host = authority === undefined ? undefined : hostOf(authority);
  const address = localAddress.replace(/^::ffff:/, "");
  if (authority !== undefined && !(host !== undefined && ["localhost", address, ...allowedHosts].includes(host)))
    return (
      "The Host header names another server than this one; " +
      `ADMIN_ALLOWED_HOSTS can add names to localhost and ${address}.`
    );
  if (origin !== undefined && (authority === undefined || origin.toLowerCase() !== `http://${authority.toLowerCase()}`))
    return "The Origin header names another site; only pages of this port may ask.";
  return undefined;
}
