/** Puts tables into the documents that show them, between two comments. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Results } from "../results.js";
import { lineOf, tablesOf } from "./tables.js";

export function withPart(document: string, name: string, text: string): string | undefined {
  const part = new RegExp(`(<!-- ${name}:[^>]*-->\\n).*?(<!-- end of ${name} -->)`, "s");
  if (!part.test(document)) return undefined;
  return document.replace(part, (_, start: string, end: string) => `${start}\n${text.trimEnd()}\n\n${end}`);
}

/** A place in the README is optional. @throws Error of one line where docs/performance.md has none */
export async function writeDocuments(results: Results): Promise<void> {
  for (const [file, name, text] of [
    [join("docs", "performance.md"), "bench", tablesOf(results)],
    ["README.md", "performance", lineOf(results)],
  ] as const) {
    const document = withPart(await readFile(file, "utf8"), name, text);
    if (document !== undefined) await writeFile(file, document);
    else if (file !== "README.md")
      throw new Error(`${file}: expected a place for the tables, between <!-- bench: … --> and <!-- end of bench -->`);
  }
}
