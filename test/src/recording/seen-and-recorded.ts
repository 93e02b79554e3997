/** Holds what was recorded against what visitors saw. */
import type { Test } from "tap";
import { recordedRows } from "./recorded-rows.js";
import type { Clicked, Shown } from "./recorded-visitors.js";

export type Rows = readonly (readonly string[])[];

/** By campaign and banner. */
export function shownSums(shown: readonly Shown[]): Map<string, number> {
  return sumsOf(shown.map(({ campaign, banner }) => [`${campaign} ${banner}`, 1]));
}

/** The same of rows of impressions. */
export function recordedSums(rows: Rows): Map<string, number> {
  return sumsOf(rows.map(([, campaign, banner, count]) => [`${campaign} ${banner}`, Number(count)]));
}

function sumsOf(pairs: Iterable<readonly [key: string, count: number]>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of pairs) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

/** Checks that folders of recordings have what was seen, each once, and nothing else. */
export function hasAll(
  t: Test,
  folders: readonly string[],
  { shown, clicked }: { readonly shown: readonly Shown[]; readonly clicked: readonly Clicked[] },
): void {
  t.ok(shown.length > 0 && clicked.length > 0, "something was seen");
  t.same(recordedSums(folders.flatMap((folder) => recordedRows(folder, "impressions"))), shownSums(shown));
  const rows = folders.flatMap((folder) => recordedRows(folder, "clicks"));
  const seen = clicked.map(({ id, campaign, banner }) => `${id} ${campaign} ${banner}`);
  t.same(rows.map(([, ...fields]) => fields.join(" ")).sort(), seen.sort());
}
