/** What a build left in its folder. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Catalog } from "../../src/index/catalog.js";
import { decode } from "../../src/index/format.js";

/** Every file of a folder by its name; equal where all bytes are. */
export function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "latin1")]));
}

/** The published index, read as the server reads it. */
export function publishedCatalog(folder: string): Catalog {
  return new Catalog(decode(Uint8Array.from(readFileSync(join(folder, "index.bin")))));
}
