/** Builds the two indexes that a soak serves in turn, of the same data: with images, and without. */
import { join } from "node:path";
import { build } from "../../build/stages.js";
import { INDEX_FILE } from "../../build/write/publish.js";
import { Catalog, NONE } from "../../src/index/catalog.js";
import { loadIndex } from "../../src/index/load.js";

export interface Indexes {
  readonly files: readonly [string, string];
  readonly generations: readonly [string, string];
  /** Those that both have in every period: a 404 for them is wrong whenever a period begins. */
  readonly campaigns: readonly number[];
}

export async function buildIndexes(data: string, folder: string): Promise<Indexes> {
  const buildIn = async (name: string, banners: string | undefined): Promise<string> => {
    const out = join(folder, name);
    await build({ data, banners, out, onBadRow: "stop" });
    return join(out, INDEX_FILE);
  };
  const files = [
    await buildIn("with-images", join(data, "banners")),
    await buildIn("without-images", undefined),
  ] as const;
  const [index, other] = [await loadIndex(files[0]), await loadIndex(files[1])];
  const catalog = new Catalog(index);
  const periods = Array.from({ length: index.counts.periods }, (_, at) => at + 1);
  const isAlwaysThere = (id: number): boolean => periods.every((period) => catalog.cellOf(id, period) !== NONE);
  return {
    files,
    generations: [index.generation, other.generation],
    campaigns: [...index.campaignIds].filter(isAlwaysThere),
  };
}
