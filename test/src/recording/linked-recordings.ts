/** A data folder of what servers have recorded: it has links to their files. */
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Anew at each call. */
export function linkRecordings(data: string, folders: readonly string[]): void {
  mkdirSync(data);
  for (const folder of folders)
    for (const name of readdirSync(folder))
      if (/^(impressions|clicks|conversions)-/.test(name)) symlinkSync(join(folder, name), join(data, name));
}
