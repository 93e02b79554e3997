/** Summarizes a report in the lines that a build prints. */
import { count, counted, named, percentText, sumText } from "../../src/index/wording.js";
import { printable } from "../../src/options/printable.js";
import type { SomeIds } from "../../src/view/change/comparison.js";
import { rejectedRows } from "../count/account.js";
import { REJECT_KINDS } from "../count/rejects.js";
import type { Account, BuildReport } from "./report.js";

/** Those of what was written. */
export type Paths = Readonly<Partial<Record<"index" | "rejects" | "page", string>>>;

export function summarize(report: BuildReport, { index, rejects, page }: Paths): string {
  const { rows, periods } = report;
  const byKind = REJECT_KINDS.filter((kind) => rows.rejected[kind] > 0).map(
    (kind) => `${count(rows.rejected[kind])} ${kind}`,
  );
  return [
    ...report.files.map((file) => line(file.file, account(file))),
    line("all rows", account(rows)),
    ...(byKind.length > 0
      ? [line("rejected", byKind.join(", ") + (rejects === undefined ? "" : `: see ${rejects}`))]
      : []),
    ...timestamps(report),
    line("periods", `${count(periods)} of ${counted(60 / periods, "minute")}`),
    line("cells", cellsText(report.cells_by_rule)),
    ...exploration(report),
    ...difference(report),
    ...expected(report),
    ...notes(report),
    line("index", `${index ?? "not published"}, ${count(report.index_bytes)} bytes, generation ${report.generation}`),
    ...(page === undefined ? [] : [line("report", `${page}: open it in a browser to see why each banner is in`)]),
  ].join("");
}

function cellsText(byRule: BuildReport["cells_by_rule"]): string {
  const rules = Object.entries(byRule).map(([rule, n]) => `${count(n)} ${rule}`);
  return `${count(Object.values(byRule).reduce((sum, n) => sum + n, 0))}: ${rules.join(", ")}`;
}

/** To the index before. */
function difference({ difference }: BuildReport): string[] {
  if (difference.result === "first") return [line("before", "no index is published here")];
  if (difference.result === "unreadable")
    return [
      line("before", `the published index cannot be compared with, since it cannot be read: ${difference.reason}`),
    ];
  if (difference.result === "unchanged")
    return [line("before", `unchanged: generation ${difference.generation} is published already`)];
  const { generation, periods, cells_by_rule, revenue, ...ids } = difference;
  const before = Object.fromEntries(Object.entries(cells_by_rule).map(([rule, { before }]) => [rule, before]));
  const { cells_gone, cells_new, rules_changed, collections_changed, campaigns_changed } = difference;
  const since = [
    [cells_gone, "gone"],
    [cells_new, "new"],
    [rules_changed, "with another rule"],
    [collections_changed, "with other banners"],
  ] as const;
  const cells = since.flatMap(([cells, what]) => (cells === null ? [] : [`${count(cells)} ${what}`]));
  const changed = campaigns_changed === null ? "" : `, ${count(campaigns_changed)} changed`;
  return [
    line(
      "before",
      `${count(periods.before)} of ${counted(60 / periods.before, "minute")}, generation ${generation.before}`,
    ),
    line(
      "cells before",
      cellsText(before as BuildReport["cells_by_rule"]) +
        (cells.length === 0 ? "" : `; since then ${cells.join(", ")}`),
    ),
    line("revenue", `${sumText(revenue.after)}, before ${sumText(revenue.before)}`),
    line("campaigns", `${some(ids.campaigns_new)} new, ${some(ids.campaigns_gone)} gone${changed}`),
    line("banners", `${some(ids.banners_in)} in, ${some(ids.banners_out)} out`),
  ];
}

function expected({ expected, findings }: BuildReport): string[] {
  if (expected === undefined) return [];
  const others = findings.filter(({ name }) => name === "expected").length;
  const differ = others === 0 ? "all as expected" : `${count(others)} not as expected`;
  return [line("expected", `${counted(expected.figures, "figure")} of ${expected.file}: ${differ}`)];
}

function some({ count: all, first }: SomeIds): string {
  return all === 0 ? "none" : `${count(all)} (${named(first, 10, all)})`;
}

function timestamps({ timestamps }: BuildReport): string[] {
  if (timestamps === undefined) return [];
  const { time_zone, from, to } = timestamps;
  const window = [from && `from ${from}`, to && `to before ${to}`].filter((bound) => bound !== null);
  return [
    line("time zone", `${time_zone}, whose minutes tell the period`),
    ...(window.length > 0 ? [line("window", window.join(" "))] : []),
  ];
}

function exploration({ exploration }: BuildReport): string[] {
  if (exploration === undefined) return [];
  return [line("exploration", `${percentText(exploration)} of the decisions draw from all banners of a cell`)];
}

function notes(report: BuildReport): string[] {
  const notes: string[] = [];
  const add = (what: string, items: readonly (string | number)[], total = items.length): void => {
    if (items.length > 0) notes.push(line("note", `${what}: ${named(items, 10, total)}`));
  };
  for (const { name, text } of report.findings.filter(({ accepted }) => accepted))
    notes.push(line("accepted", `${name}: ${text}`));
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
  const outside = rows.outside === undefined ? "" : ` + ${count(rows.outside)} outside`;
  return `${count(rows.read)} read = ${count(rows.used)} used + ${count(rejectedRows(rows))} rejected${outside}`;
}

function line(label: string, text: string): string {
  return `${printable(label).padEnd(24)} ${printable(text)}\n`;
}
