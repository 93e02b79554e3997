/** Tells, for the report page, what the build read and what came of it, within bounds. */
import { clipped } from "./clipped.js";
import type { Account, LeftOut, PageRows } from "./page-data.js";
import { isBalanced, remarksOf } from "./remarks.js";
import type { Account as Rows, BuildReport } from "./report.js";

export function accountOf(report: BuildReport, leftOut: LeftOut): Account {
  const { index_bytes, timestamps, files, rows } = report;
  return {
    index_bytes,
    ...(timestamps && { timestamps }),
    rows: rowsOf(rows),
    files: files.map(({ file, period, bytes, sha256, duplicate_of, ...rows }) => ({
      file: clipped(file),
      period,
      bytes,
      sha256,
      ...rowsOf(rows),
      ...(duplicate_of !== undefined && { duplicate_of: clipped(duplicate_of) }),
    })),
    is_balanced: [rows, ...files].every(isBalanced),
    remarks: remarksOf(report, leftOut),
  };
}

function rowsOf({ read, used, rejected, outside }: Rows): PageRows {
  return { read, used, rejected, ...(outside !== undefined && { outside }) };
}
