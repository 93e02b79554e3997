/** A folder to what all contenders have in common in it. */
import { join } from "node:path";
import { INDEX_FILE } from "../build/write/publish.js";
import { build } from "../build/stages.js";
import { writeBenchData } from "./bench-data.js";
import type { Stage } from "./contenders/contender.js";

/** Makes the benchmark's data, and builds their index as any other. */
export async function makeStage(folder: string): Promise<Stage> {
  const data = join(folder, "data");
  const out = join(folder, "index");
  await writeBenchData(data);
  await build({ data, banners: join(data, "banners"), out, onBadRow: "stop" });
  return { folder, data, index: join(out, INDEX_FILE) };
}
