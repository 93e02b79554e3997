/** Tables to the documents that show them, between two comments. */
import { readFile, writeFile } from "node:fs/promises";

const PART = /(<!-- bench:[^>]*-->\n).*?(<!-- end of bench -->)/s;

/** @throws Error whose message is one line where the document has no such place */
export function withTable(document: string, table: string, name: string): string {
  if (!PART.test(document))
    throw new Error(`${name}: expected a place for the tables, between <!-- bench: … --> and <!-- end of bench -->`);
  return document.replace(PART, (_, start: string, end: string) => `${start}\n${table}\n${end}`);
}

export async function writeTable(file: string, table: string): Promise<void> {
  await writeFile(file, withTable(await readFile(file, "utf8"), table, file));
}
