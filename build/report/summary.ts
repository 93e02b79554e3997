/** Summarizes a report in the lines that a build prints. */
import { count } from "../../src/index/wording.js";
import { printable } from "../../src/options/printable.js";
import { rejectedRows } from "../count/account.js";
import { REJECT_KINDS } from "../count/rejects.js";
import type { Account, BuildReport } from "./report.js";

const MAX_NAMED = 10;

export function summarize(report: BuildReport, paths: Readonly<Record<"index" | "rejects" | "page", string>>): string {
  const { rows, cells_by_rule } = report;
  const cells = Object.values(cells_by_rule).reduce((sum, n) => sum + n, 0);
  const byRule = Object.entries(cells_by_rule).map(([rule, n]) => `${count(n)} ${rule}`);
  const byKind = REJECT_KINDS.filter((kind) => rows.rejected[kind] > 0).map(
    (kind) => `${count(rows.rejected[kind])} ${kind}`,
  );
  return [
    ...report.files.map((file) => line(file.file, account(file))),
    line("all rows", account(rows)),
    ...(byKind.length > 0 ? [line("rejected", `${byKind.join(", ")}: see ${paths.rejects}`)] : []),
    line("cells", `${count(cells)}: ${byRule.join(", ")}`),
    ...notes(report),
    line("index", `${paths.index}, ${count(report.index_bytes)} bytes, generation ${report.generation}`),
    line("report", `${paths.page}: open it in a browser to see why each banner is in`),
  ].join("");
}

function notes(report: BuildReport): string[] {
  const notes: string[] = [];
  const add = (what: string, items: readonly (string | number)[], total = items.length): void => {
    if (items.length > 0) notes.push(line("note", `${what}: ${named(items, total)}`));
  };
  if (report.clicks_without_impression > 0)
    notes.push(line("note", `${count(report.clicks_without_impression)} click(s) without an impression, which count`));
  add(
    "columns that are not read",
    report.files.flatMap(({ file, unknown_columns }) => unknown_columns.map((column) => `"${column}" (${file})`)),
  );
  add("files that are not read", report.unread_files);
  add("no file of these kinds", report.missing_kinds);
  add("not images, a placeholder was drawn", report.unreadable_images);
  add("banners without an image, a placeholder was drawn", report.banners_without_image);
  const mixed = report.mixed_sizes.first.map(({ campaign, sizes }) => `${campaign} (${sizes.join(", ")})`);
  add("campaigns whose banners differ in size", mixed, report.mixed_sizes.count);
  add("banners that are held back", report.held_back.map(heldBackText));
  add("campaigns whose default banner is held back", report.defaults_held_back);
  return notes;
}

export function heldBackText({ banner, reason, cells, first_cells }: BuildReport["held_back"][number]): string {
  if (cells === 0) return `${banner} (${reason}, in no cell)`;
  const first = first_cells.map(({ period, campaign }) => `period ${period} campaign ${campaign}`).join(", ");
  const more = cells > first_cells.length ? ` and ${count(cells - first_cells.length)} more` : "";
  return `${banner} (${reason}: ${first}${more})`;
}

function account(rows: Account): string {
  return `${count(rows.read)} read = ${count(rows.used)} used + ${count(rejectedRows(rows))} rejected`;
}

function line(label: string, text: string): string {
  return `${printable(label).padEnd(24)} ${printable(text)}\n`;
}

function named(items: readonly (string | number)[], total: number): string {
  const first = items.slice(0, MAX_NAMED).join(", ");
  return total > MAX_NAMED ? `${first} and ${count(total - MAX_NAMED)} more` : first;
}
