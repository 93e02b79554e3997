/** Reads the files that the dashboard's page asks for: its style, its script and its icon. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { cacheableReply, NO_SNIFF, type CacheableReply } from "../../response/reply.js";

/** Where compiling puts what browsers get. */
const FOLDER = join(import.meta.dirname, "../../browser");

const FILES = ["dashboard.css", "icon.svg", "dashboard.js"];

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Browsers ask each time whether a file is the same: the next version of the server has another. */
const REVALIDATED = "no-cache";

/** The administration port counts nothing. */
const UNCOUNTED = { full: -1, notModified: -1 };

/** By name. @throws Error where one is not there, since it was not compiled */
export function readAssets(): ReadonlyMap<string, CacheableReply> {
  return new Map(
    FILES.map((name) => {
      const extension = extname(name);
      const body = readFileSync(join(FOLDER, name));
      const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
      const lines = [`Content-Type: ${TYPES[extension]!}`, NO_SNIFF];
      return [name, cacheableReply(body, etag, REVALIDATED, lines, UNCOUNTED)];
    }),
  );
}
