/** Compares the index that is served with the one before it, while visitors are served. */
import type { Logger } from "pino";
import { Catalog } from "../../index/catalog.js";
import type { Index } from "../../index/format.js";
import { comparingIndexes } from "./compare.js";
import { IndexChange } from "./index-change.js";
import { loadPublished, type Unreadable } from "./outline.js";
import { inSlices } from "./slices.js";

/** Undefined where there is none. */
export type Before = Catalog | Unreadable | undefined;

/** @param file of the index that was published before the last */
export async function loadPrevious(file: string, served: Index): Promise<Before> {
  const before = await loadPublished(file);
  if (!(before instanceof Catalog) || before.index.generation !== served.generation) return before;
  return { unreadable: `${file} is what is served: another index was published, and not loaded yet` };
}

/** Resolves with undefined where it was stopped. An error is no reason to end or refuse anything. */
export async function changeSince(
  load: () => Promise<Before>,
  served: Index,
  log: Logger,
  isStopped: () => boolean,
): Promise<IndexChange | undefined> {
  try {
    const before = await load();
    return await inSlices(comparingIndexes(before, new Catalog(served)), isStopped);
  } catch (error) {
    log.error({ event: "error", err: error }, "unexpected error in comparing the index with the one before");
    return new IndexChange({ result: "unreadable", reason: (error as Error).message });
  }
}
