/** Keeps other sites' pages off the administration port, by Origin, Sec-Fetch-Site and Host (DNS rebinding). */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal, Route } from "./route.js";

/** Lower case and without brackets; undefined unless it is "host", "host:port" or "[address]:port". */
function hostOf(authority: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/?#@\s]+))(?::\d{1,5})?$/i.exec(authority);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Only a proxy that goes by an allowed name is believed. */
export function isByHttps(headers: IncomingHttpHeaders, allowedHosts: readonly string[]): boolean {
  const host = hostOf(headers.host ?? "");
  return headers["x-forwarded-proto"] === "https" && host !== undefined && allowedHosts.includes(host);
}

/** `localAddress` is "" for a Unix socket; `allowedHosts` are in lower case. */
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
