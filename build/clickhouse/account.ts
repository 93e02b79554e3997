/** Makes the account of the event tables of the statement for it, and what the statistics have to add up to. */
import { emptyAccount, rejectedRows, type FileAccount } from "../count/account.js";
import type { RejectKind, RejectLog } from "../count/rejects.js";
import { DataError } from "../read/data-error.js";
import { EVENT_KINDS } from "../read/file-name.js";
import type { Address } from "./address.js";
import type { EventKind } from "./event-tables.js";
import { millionths, type Totals } from "./result.js";
import { ACCOUNT_COLUMNS } from "./statements.js";

export interface TableAccounts {
  readonly accounts: readonly FileAccount[];
  readonly expected: Totals;
}

const COUNTS = 8;

/** @throws DataError where a kind lacks, or its rows do not add up */
export function accountsOf(rows: readonly (readonly string[])[], address: Address): TableAccounts {
  const counts = new Map<string, readonly bigint[]>();
  let revenue: bigint | undefined;
  for (const row of rows) {
    const [kind = "", ...fields] = row;
    if (row.length !== ACCOUNT_COLUMNS || !fields.slice(0, COUNTS).every((field) => /^\d+$/.test(field)))
      throw new DataError(
        `${address.text}: its account has a row ${JSON.stringify(row.join(" ").slice(0, 80))}: start again`,
      );
    counts.set(kind, fields.slice(0, COUNTS).map(BigInt));
    if (kind === "conversions") revenue = millionths(fields[COUNTS]!);
  }
  const accounts = EVENT_KINDS.map((kind) => accountOf(kind, counts.get(kind), address));
  const usedOf = (kind: EventKind): bigint => counts.get(kind)![3]!;
  if (revenue === undefined) throw new DataError(`${address.text}: its account has no revenue: start again`);
  const impressions = counts.get("impressions")!.at(-1)!;
  return {
    accounts,
    expected: { impressions, clicks: usedOf("clicks"), conversions: usedOf("conversions"), revenue },
  };
}

function accountOf(kind: EventKind, counts: readonly bigint[] | undefined, { text }: Address): FileAccount {
  if (counts === undefined) throw new DataError(`${text}: its account has no ${kind}: start again`);
  const [read, malformed, outside, used, duplicate, conflict, orphan] = counts.map(Number);
  const account = emptyAccount({ kind, period: undefined, name: kind, path: `${text} ${kind}`, bytes: 0 });
  Object.assign(account, { read, outside, used });
  Object.assign(account.rejected, { malformed, duplicate, conflict, orphan });
  if (read !== used! + outside! + rejectedRows(account))
    throw new DataError(
      `${text}: ${kind} has ${read} rows, and ${used! + outside! + rejectedRows(account)} of its rows are accounted for: ${changed()}`,
    );
  return account;
}

/** @throws DataError */
export function requireAgreement(sums: Totals, expected: Totals, { text }: Address): void {
  for (const [name, sum] of Object.entries(sums)) {
    const other = expected[name as keyof Totals];
    if (sum !== other)
      throw new DataError(`${text}: the statistics have ${name} of ${sum}, and the account has ${other}: ${changed()}`);
  }
}

/** Two looks at the same tables differ. */
function changed(): string {
  return "rows came or went while they were counted: start again, or give the tables a column received (docs/warehouse.md)";
}

const REASONS: Readonly<Partial<Record<RejectKind, string>>> = {
  malformed: "not what a column may hold",
  duplicate: "their id came before with the same content",
  conflict: "their id came before with other content",
  orphan: "their click_id is in no row of clicks",
};

/** One line a kind, since the rows stay where they are. */
export function logRejects({ accounts }: TableAccounts, rejects: RejectLog): void {
  for (const { file, rejected } of accounts)
    for (const [kind, reason] of Object.entries(REASONS) as [RejectKind, string][])
      if (rejected[kind] > 0)
        rejects.write(
          file.name,
          undefined,
          kind,
          `${rejected[kind]} row(s): ${reason}: deploy/clickhouse/rejects.sql lists them`,
        );
}
