/** Writes rows as CSV, for spreadsheets too. It runs in browsers too. */

export type Field = string | number | undefined;

/** Spreadsheets take a text that begins with one of these for a formula, unless an apostrophe comes first. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
/** A decimal is none. */
const DECIMAL = /^-\d+\.\d+$/;

export function csvField(value: Field): string {
  const text = String(value ?? "");
  const isNumber = Number.isInteger(value) || DECIMAL.test(text);
  const safe = FORMULA.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText(rows: readonly (readonly Field[])[]): string {
  return rows.map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}
