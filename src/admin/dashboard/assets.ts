/** Reads the files that the dashboard's page asks for: its style, its script and its icon. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** Where compiling puts what browsers get. */
const FOLDER = join(import.meta.dirname, "../../browser");

const FILES = ["dashboard.css", "icon.svg", "dashboard.js"];

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface Asset {
  readonly type: string;
  readonly body: Uint8Array;
  /** Of its content, with quotes. */
  readonly etag: string;
}

/** By name. @throws Error where one is missing, since it was not compiled */
export function readAssets(): ReadonlyMap<string, Asset> {
  return new Map(
    FILES.map((name) => {
      const extension = extname(name);
      const body = readFileSync(join(FOLDER, name));
      const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 32)}"`;
      return [name, { type: TYPES[extension]!, body, etag }];
    }),
  );
}
