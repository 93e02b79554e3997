/** Serves the page of the dashboard, which is the same for each address, and the files that come with the program. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { html, Html } from "../response/html.js";
import { cacheableReply, NO_SNIFF } from "../response/reply.js";
import type { Settings } from "../view/page-settings.js";
import type { Access } from "./access.js";
import { get, getPage, HTML, reply, replyCacheable, type Route, type Routes } from "./route.js";
import type { ServerState } from "./state.js";
import type { StatusSettings } from "./status.js";

export const PAGE_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  // A stricter policy takes away the Origin header, which the forms need; other sites learn nothing.
  "Referrer-Policy": "same-origin",
};

/** The type of each file, by the path that it is served at. */
const FILES = {
  "/assets/style.css": "text/css",
  "/assets/icon.svg": "image/svg+xml",
  "/assets/dashboard.js": "text/javascript",
  "/openapi.yaml": "application/yaml",
  "/admin-api.yaml": "application/yaml",
};

export interface PageSettings extends StatusSettings {
  /** ISO 4217; "" for none. */
  readonly currency: string;
  /** Without a slash at the end; "" where it is not known. */
  readonly publicUrl: string;
}

/** What the page says of the server. */
export function pageSettings(
  { port, recording }: Pick<ServerState, "port" | "recording">,
  { currency, publicUrl, rotation }: PageSettings,
  has_session: boolean,
): Settings {
  const server = { rotation, public_url: publicUrl || null, port, records: recording !== undefined, has_session };
  return { currency: currency || null, server };
}

/** The one frame of all pages of this port. */
export function pageOf(title: string, head: Html, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        ${head}
      </head>
      <body>
        ${body}
      </body>
    </html>`.text.trimStart();
}

function dashboardPage(settings: Settings): string {
  // Data in a script element ends at its end tag alone.
  const data = new Html(JSON.stringify(settings).replaceAll("<", "\\u003c"));
  return pageOf(
    "Billboard",
    html`<script defer src="/assets/dashboard.js"></script>`,
    html`<script type="application/json" id="settings">
        ${data}
      </script>
      <div id="app"></div>
      <noscript>
        <p class="state">
          The dashboard needs JavaScript, which is turned off here. <code>billboard status</code> says in a terminal
          what the server does, and <code>billboard inspect</code> what it shows.
        </p>
      </noscript>`,
  );
}

/** Browsers ask for it anew each time, since the next version of the server has other files. */
function fileRoute(path: string, type: string): Route {
  const body = readFileSync(join(import.meta.dirname, "../../ui", basename(path)));
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
  const lines = [`Content-Type: ${type}${type.startsWith("text/") ? "; charset=utf-8" : ""}`, NO_SNIFF];
  // This port counts nothing.
  const content = cacheableReply(body, etag, "no-cache", lines, { full: -1, notModified: -1 });
  return get((response, { message }) => {
    replyCacheable(response, message, content);
  }, "nothing");
}

export function interfaceRoutes(state: ServerState, settings: PageSettings, access: Access): Routes {
  return {
    ...Object.fromEntries(Object.entries(FILES).map(([path, type]) => [path, fileRoute(path, type)])),
    "/": getPage((response, { message }) => {
      const page = dashboardPage(pageSettings(state, settings, access.hasSession(message)));
      reply(response, 200, HTML, page, PAGE_HEADERS);
    }),
  };
}
