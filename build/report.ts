/** What a build did, for people: what was read, used and rejected, and what came of it. */
import type { Rule } from "../src/index-sections.js";
import { rejectedRows, type FileAccount } from "./collect-events.js";
import { REJECT_KINDS } from "./rejects.js";

export interface BuildReport {
  readonly accounts: readonly FileAccount[];
  readonly clicksWithoutImpression: number;
  readonly cellsByRule: Readonly<Record<Rule, number>>;
  readonly bannersWithoutImage: readonly number[];
  /** Files that were named as banners and are no images, and got a placeholder. */
  readonly unreadableImages: readonly string[];
  /** Files that were not read. */
  readonly ignoredFiles: readonly string[];
  /** Kinds that a period has no file of: `2/conversions`. */
  readonly missingKinds: readonly string[];
  readonly indexPath: string;
  readonly rejectsPath: string;
  readonly byteLength: number;
  readonly generation: string;
  readonly milliseconds: number;
}

const MOST_NAMED = 10;

/** The lines to print, each with its line ending. */
export function summarize(report: BuildReport): string {
  const { accounts, cellsByRule } = report;
  const total = (count: (account: FileAccount) => number): number =>
    accounts.reduce((sum, each) => sum + count(each), 0);
  const cells = Object.values(cellsByRule).reduce((sum, count) => sum + count, 0);
  const read = total((each) => each.read);
  const lines = accounts.map((each) => line(each.file.name, account(each.read, each.used, rejectedRows(each))));
  lines.push(
    line(
      "all rows",
      account(
        read,
        total((each) => each.used),
        total(rejectedRows),
      ),
    ),
  );
  const rejected = REJECT_KINDS.map((kind) => [kind, total((each) => each.rejected[kind])] as const).filter(
    ([, n]) => n > 0,
  );
  if (rejected.length > 0)
    lines.push(
      line("rejected", `${rejected.map(([kind, n]) => `${number(n)} ${kind}`).join(", ")}: see ${report.rejectsPath}`),
    );
  lines.push(
    line(
      "cells",
      `${number(cells)}: ${Object.entries(cellsByRule)
        .map(([rule, n]) => `${number(n)} ${rule}`)
        .join(", ")}`,
    ),
  );
  lines.push(...remarks(report));
  lines.push(line("index", `${report.indexPath}, ${number(report.byteLength)} bytes, generation ${report.generation}`));
  lines.push(line("time", `${(report.milliseconds / 1000).toFixed(2)} s`));
  return lines.join("");
}

function remarks(report: BuildReport): string[] {
  const remarks: string[] = [];
  const remark = (what: string, items: readonly (string | number)[]): void => {
    if (items.length > 0) remarks.push(line("note", `${what}: ${named(items)}`));
  };
  if (report.clicksWithoutImpression > 0)
    remarks.push(line("note", `${number(report.clicksWithoutImpression)} click(s) without an impression, which count`));
  remark("columns that are not read", [
    ...new Set(
      report.accounts.flatMap((each) => each.unreadColumns.map((column) => `"${column}" (${each.file.name})`)),
    ),
  ]);
  remark("files that are not read", report.ignoredFiles);
  remark("no file of these kinds", report.missingKinds);
  remark("not images, a placeholder was drawn", report.unreadableImages);
  remark("banners without an image, a placeholder was drawn", report.bannersWithoutImage);
  return remarks;
}

function account(read: number, used: number, rejected: number): string {
  return `${number(read)} read = ${number(used)} used + ${number(rejected)} rejected`;
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
