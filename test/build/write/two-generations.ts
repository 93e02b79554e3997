/** Two data folders that make two generations, for tests of what becomes of a build that is not let finish. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../../build/stages.js";
import { clicksCsv, impressionsCsv } from "../data-folder.js";
import { IMAGE_BYTES } from "../images/image-bytes.js";

export interface TwoGenerations {
  /** Arguments of `build-index` for each, without `--out`. */
  readonly arguments: readonly [readonly string[], readonly string[]];
  /** What each of them publishes. */
  readonly generations: readonly [string, string];
}

/** Their indexes have some 100 kB, and their rejects some 200 kB. @param folder for the data */
export async function twoGenerations(folder: string): Promise<TwoGenerations> {
  const first = await makeData(join(folder, "data 1"), 1);
  const second = await makeData(join(folder, "data 2"), 2);
  return {
    arguments: [first.words, second.words],
    generations: [first.generation, second.generation],
  };
}

async function makeData(folder: string, banner: number): Promise<{ words: readonly string[]; generation: string }> {
  const banners = join(folder, "banners");
  for (const name of ["1", "banners"]) mkdirSync(join(folder, name), { recursive: true });
  const rows = (row: (at: number) => string): string[] => Array.from({ length: 3000 }, (_, at) => row(at));
  writeFileSync(join(folder, "1", "impressions_1.csv"), impressionsCsv(...rows((at) => `${banner},${at + 1}`)));
  writeFileSync(join(folder, "1", "clicks_1.csv"), clicksCsv(...rows((at) => `1,${banner},${at + 1}`)));
  writeFileSync(join(banners, `image_${banner}.png`), IMAGE_BYTES.png);
  // Nearly all clicks are conflicts.
  const options = { data: folder, banners, out: join(folder, "out"), onBadRow: "stop", accept: ["all"] } as const;
  const { generation } = await build(options);
  return { words: ["--data", folder, "--accept", "all"], generation };
}
