/** A report to the lines that a build prints. */
import { rejectedRows } from "../count/account.js";
import { REJECT_KINDS } from "../count/rejects.js";
import type { Account, BuildReport } from "./report.js";

const MOST_NAMED = 10;

/** The lines, each with its line ending. */
export function summarize(report: BuildReport, paths: Readonly<Record<"index" | "rejects" | "page", string>>): string {
  const { rows, cells_by_rule } = report;
  const cells = Object.values(cells_by_rule).reduce((sum, count) => sum + count, 0);
  const byRule = Object.entries(cells_by_rule).map(([rule, n]) => `${number(n)} ${rule}`);
  const byKind = REJECT_KINDS.filter((kind) => rows.rejected[kind] > 0).map(
    (kind) => `${number(rows.rejected[kind])} ${kind}`,
  );
  return [
    ...report.files.map((file) => line(file.file, account(file))),
    line("all rows", account(rows)),
    ...(byKind.length > 0 ? [line("rejected", `${byKind.join(", ")}: see ${paths.rejects}`)] : []),
    line("cells", `${number(cells)}: ${byRule.join(", ")}`),
    ...remarks(report),
    line("index", `${paths.index}, ${number(report.index_bytes)} bytes, generation ${report.generation}`),
    line("report", `${paths.page}: open it in a browser to see why each banner is in`),
  ].join("");
}

function remarks(report: BuildReport): string[] {
  const remarks: string[] = [];
  const remark = (what: string, items: readonly (string | number)[]): void => {
    if (items.length > 0) remarks.push(line("note", `${what}: ${named(items)}`));
  };
  if (report.clicks_without_impression > 0)
    remarks.push(
      line("note", `${number(report.clicks_without_impression)} click(s) without an impression, which count`),
    );
  remark(
    "columns that are not read",
    report.files.flatMap(({ file, unknown_columns }) => unknown_columns.map((column) => `"${column}" (${file})`)),
  );
  remark("files that are not read", report.unread_files);
  remark("no file of these kinds", report.missing_kinds);
  remark("not images, a placeholder was drawn", report.unreadable_images);
  remark("banners without an image, a placeholder was drawn", report.banners_without_image);
  return remarks;
}

function account(rows: Account): string {
  return `${number(rows.read)} read = ${number(rows.used)} used + ${number(rejectedRows(rows))} rejected`;
}

function line(label: string, text: string): string {
  return `${label.padEnd(24)} ${text}\n`;
}

/** With thousands in groups, in the same way everywhere. */
function number(value: number): string {
  return value.toLocaleString("en-US");
}

function named(items: readonly (string | number)[]): string {
  const first = items.slice(0, MOST_NAMED).join(", ");
  return items.length > MOST_NAMED ? `${first} and ${number(items.length - MOST_NAMED)} more` : first;
}
