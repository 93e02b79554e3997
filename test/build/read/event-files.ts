/** The files of a data folder with what is in them known, as the build reads them. */
import { InlineReader } from "../../../build/read/event-reader.js";
import { findDuplicates, findFiles, type EventFile } from "../../../build/read/find.js";

export async function findEventFiles(folder: string): Promise<{ periods: number; files: EventFile[] }> {
  const { periods, files } = await findFiles(folder);
  return { periods, files: findDuplicates(files, await new InlineReader().digest(files)) };
}
