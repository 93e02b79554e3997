/** Rows of cells to a Markdown table, laid out as the formatter lays it out. */

export interface Column {
  readonly heading: string;
  readonly isNumber?: boolean;
}

/** The table with a line ending behind each line. */
export function markdownTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ heading }, at) => Math.max(3, heading.length, ...rows.map((row) => row[at]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => pad(cell, widths[at]!, columns[at]!)).join(" | ")} |\n`;
  const rule = columns.map(
    ({ isNumber }, at) => "-".repeat(widths[at]! - (isNumber === true ? 1 : 0)) + (isNumber === true ? ":" : ""),
  );
  return line(columns.map(({ heading }) => heading)) + line(rule) + rows.map(line).join("");
}

function pad(cell: string, width: number, { isNumber = false }: Column): string {
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
