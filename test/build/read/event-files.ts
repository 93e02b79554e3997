/** The files of a data folder with what is in them known, as the build reads them. */
import { findDuplicates, type EventFile } from "../../../build/read/duplicates.js";
import { InlineReader } from "../../../build/read/event-reader.js";
import { findFiles } from "../../../build/read/find.js";

export async function findEventFiles(folder: string): Promise<{ periods: number; files: EventFile[] }> {
  const { periods, files } = await findFiles(folder);
  if (periods === undefined) throw new Error(`${folder}: has no period folders`);
  return { periods, files: await findDuplicates(files, (likely) => new InlineReader().digest(likely)) };
}
