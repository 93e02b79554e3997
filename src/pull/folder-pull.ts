/** Pulls an index into a folder without serving it: what `billboard pull` does. */
import type { Index } from "../index/format.js";
import { LoadIndexError, openIndex } from "../index/load.js";
import type { FeedSettings } from "./feed.js";
import { ArrivedIndex } from "./origin.js";
import type { PullResult } from "./pull-state.js";
import { Puller, type PullSettings, type PullTarget } from "./puller.js";
import { makeRoom, type Arrived } from "./put-in-place.js";
import { loadTrusted } from "./trust.js";

export interface FolderPullEvents {
  /** One line for each thing that people should know. */
  readonly onDone: (line: string) => void;
  readonly onTrouble: (line: string) => void;
}

/** @throws LoadIndexError where nothing can be kept in the folder */
export async function openFolderPull(
  { file, trust, pull }: FeedSettings & { readonly pull: PullSettings },
  { onDone, onTrouble }: FolderPullEvents,
): Promise<Puller> {
  await makeRoom(file);
  let current = await identityAt(file, trust);
  const shown = pull.source.shown;
  const take = async (arrived: Arrived): Promise<PullResult> => {
    const origin = new ArrivedIndex(arrived, { file, trust, shown });
    try {
      const { index, signature } = (await origin.load(undefined, checkIndex))!;
      await origin.settle(current);
      current = { digest: index.digest, signature };
      onDone(`${file} is now generation ${index.generation}, from ${shown}`);
      return { result: "replaced" };
    } catch (error) {
      return { result: origin.isMisplaced ? "failed" : "refused", reason: (error as Error).message };
    }
  };
  return new Puller(
    pull,
    { current: () => current, take },
    {
      onResult: ({ result, reason }) => {
        if (reason !== undefined) onTrouble(`pull ${result}: ${reason}`);
      },
      onSwitch: () => undefined,
      onDropped: () => undefined,
    },
  );
}

/** Without its images in memory, so that a small container can look after a large index. */
async function checkIndex(file: string): Promise<Index> {
  const { index, handle } = await openIndex(file);
  await handle.close();
  return index;
}

/** Undefined where there is none, or one that is broken or not signed: the next is to take its place. */
async function identityAt(file: string, trust: FeedSettings["trust"]): Promise<ReturnType<PullTarget["current"]>> {
  try {
    const { index, signature } = (await loadTrusted(file, trust, undefined, undefined, checkIndex))!;
    return { digest: index.digest, signature };
  } catch (error) {
    if (error instanceof LoadIndexError) return undefined;
    throw error;
  }
}
