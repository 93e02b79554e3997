/** A random data set as files. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { NaiveFile } from "./naive-rows.js";

export async function writeDataSet(files: readonly NaiveFile[], folder: string): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
