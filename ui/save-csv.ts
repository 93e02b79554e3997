/** Has the browser keep rows as a file. */
import { csvText, type Field } from "../src/view/csv.js";

/** Without a byte-order mark, spreadsheets read names in other scripts as Latin-1. */
export function saveCsv(name: string, rows: readonly (readonly Field[])[]): string {
  const href = URL.createObjectURL(new Blob(["\uFEFF", csvText(rows)], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href, download: `${name}.csv` }).click();
  // Not at once: the browser has not begun to read it yet.
  setTimeout(() => {
    URL.revokeObjectURL(href);
  }, 60_000);
  return "Saved.";
}
