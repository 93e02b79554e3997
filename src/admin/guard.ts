/**
 * Keeps other sites' pages off the administration port, which a browser of this machine can reach: a page could post to
 * it, which the Origin header tells, ask it for what is not public, which Sec-Fetch-Site tells, or have its own name
 * point at this machine (DNS rebinding), which the Host header tells.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal, Route } from "./route.js";

/** Of "host", "host:port" or "[address]:port", in lower case and without brackets; undefined for another form. */
function hostOf(authority: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/?#@\s]+))(?::\d{1,5})?$/i.exec(authority);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Whether a proxy that goes by an allowed name says that it was asked by https. */
export function isByHttps(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): boolean {
  const host = hostOf(headers.host ?? "");
  return headers["x-forwarded-proto"] === "https" && host !== undefined && allowedHosts.includes(host);
}

/**
 * Says why a request is refused; undefined where it is not.
 * @param localAddress the address of this machine that the connection came in at; "" for a Unix socket
 * @param allowedHosts further names of this server, in lower case
 * @param route undefined where there is none
 */
export function siteRefusal(
  headers: IncomingHttpHeaders,
  localAddress: string,
  allowedHosts: readonly string[],
  route?: Pick<Route, "method" | "tells" | "isPage">,
): Refusal | undefined {
  const { host: authority, origin } = headers;
  // Every browser sends Host; a health check that speaks HTTP/1.0 may not.
  const host = authority === undefined ? undefined : hostOf(authority);
  const address = localAddress.replace(/^::ffff:/, "");
  const names = ["localhost", ...(address === "" ? [] : [address])];
  if (authority !== undefined && !(host !== undefined && [...names, ...allowedHosts].includes(host)))
    return refusal(
      "host",
      "The Host header names another server than this one; " +
        `ADMIN_ALLOWED_HOSTS can add names to ${names.join(" and ")}.`,
    );
  // A proxy in front may have been asked by https; this port itself never is.
  const schemes = host !== undefined && allowedHosts.includes(host) ? ["http", "https"] : ["http"];
  const own = schemes.map((scheme) => `${scheme}://${authority?.toLowerCase() ?? ""}`);
  if (origin !== undefined && (authority === undefined || !own.includes(origin.toLowerCase())))
    return refusal("origin", "The Origin header names another site; only pages of this port may ask.");
  if (route !== undefined && (route.tells !== "nothing" || route.method === "POST") && isFromSite(headers, route))
    return refusal(
      "site",
      "The Sec-Fetch-Site header says that another site's page asks; only pages of this port may.",
    );
  return undefined;
}

function isFromSite(headers: IncomingHttpHeaders, { isPage = false }: Pick<Route, "isPage">): boolean {
  if ([undefined, "same-origin", "none"].includes(headers["sec-fetch-site"])) return false;
  // A link from elsewhere may open the dashboard, as a page of its own that the other site cannot read.
  return !(isPage && headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document");
}

function refusal(reason: Refusal["reason"], text: string): Refusal {
  return { reason, status: 403, text };
}
