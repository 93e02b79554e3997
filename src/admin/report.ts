/** Serves the report page beside the index, where it is of the generation that is served. */
import { closeSync, createReadStream, readSync } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { openUnlinked } from "../options/regular-file.js";
import { html } from "../response/html.js";
import { MARKED_BYTES, markedGeneration, REPORT_PAGE_FILE } from "../view/report-file.js";
import { PAGE_HEADERS, pageOf } from "./interface.js";
import { getPage, HTML, reply, type Routes } from "./route.js";
import type { ServerState } from "./state.js";

const HEADERS = {
  "Content-Type": HTML,
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // Beside the page's own policy, which says the rest.
  "Content-Security-Policy": "frame-ancestors 'none'",
};

export function reportRoutes(state: ServerState, indexFile: string): Routes {
  const path = join(dirname(indexFile), REPORT_PAGE_FILE);
  return {
    "/report": getPage(async (response) => {
      const served = state.served?.index.generation;
      const opened = served === undefined ? "There is no index yet." : openReport(path, served);
      if (typeof opened === "string") {
        reply(response, served === undefined ? 503 : 404, HTML, pageWithout(opened), PAGE_HEADERS);
        return;
      }
      response.writeHead(200, HEADERS);
      // Of the file that was looked at, whatever a build puts in its place meanwhile.
      await pipeline(createReadStream(path, { fd: opened, start: 0 }), response);
    }),
  };
}

function pageWithout(reason: string): string {
  return pageOf(
    "No report · Billboard",
    html``,
    html`<main class="alone">
      <section class="card">
        <h1>No report of this index</h1>
        <p>${reason}</p>
        <p class="quiet">Each build writes its report beside its index; a rollback brings back an index alone.</p>
        <p><a href="/">Back to the dashboard</a></p>
      </section>
    </main>`,
  );
}

/** The open file, or why there is none to show. */
function openReport(path: string, served: string): number | string {
  let descriptor;
  try {
    descriptor = openUnlinked(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? "There is no report beside the index." : `The report cannot be read: ${message}`;
  }
  const beginning = Buffer.alloc(MARKED_BYTES);
  const length = readSync(descriptor, beginning, 0, MARKED_BYTES, 0);
  const generation = markedGeneration(beginning.toString("latin1", 0, length));
  if (generation === served) return descriptor;
  closeSync(descriptor);
  const other = generation === undefined ? "does not say of which generation it is" : `is of generation ${generation}`;
  return `The report beside the index ${other}; generation ${served} is served.`;
}
