/** The sample, built in a folder of the test's own. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../build/stages.js";
import { Catalog } from "../../src/index/catalog.js";
import { decode } from "../../src/index/format.js";

const DATA = join(import.meta.dirname, "../../../data");

/** @returns the index, and where the build's report is */
export async function buildSample(out: string): Promise<{ catalog: Catalog; reportPage: string }> {
  await build({ data: DATA, banners: join(DATA, "banners"), out, onBadRow: "stop" });
  const bytes = Uint8Array.from(readFileSync(join(out, "index.bin")));
  return { catalog: new Catalog(decode(bytes)), reportPage: join(out, "report.html") };
}
