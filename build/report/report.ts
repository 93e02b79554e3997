/** Reports what a build read, used and rejected, and what came of it: for the terminal, report.json and report.html. */
import type { Rule } from "../../src/index/sections.js";
import type { Comparison } from "../../src/view/change/comparison.js";
import type { Compiled } from "../compile.js";
import type { FileAccount, ListKind } from "../count/account.js";
import { REJECT_KINDS, type RejectKind } from "../count/rejects.js";
import type { Finding } from "../guard/checks.js";
import type { Expectations } from "../guard/expectations.js";
import type { HeldBack } from "../held-back.js";
import type { BannerFolder } from "../images/folder.js";
import type { EventTimes } from "../read/event-time.js";
import type { DataFolder, Kind } from "../read/find.js";
import type { MixedSizes } from "./mixed-sizes.js";
import type { TimestampReport } from "./page-data.js";

export interface Account {
  readonly read: number;
  readonly used: number;
  readonly rejected: Readonly<Record<RejectKind, number>>;
  /** Only where the build had a window: rows outside of it. */
  readonly outside?: number;
}

export interface FileReport extends Account {
  readonly file: string;
  readonly kind: Kind | ListKind;
  readonly period: number | null;
  readonly bytes: number;
  readonly sha256: string;
  /** The earlier file that has the same bytes; then all rows are rejected. */
  readonly duplicate_of?: string;
  readonly unknown_columns: readonly string[];
}

/** The same input gives the same report, but for `difference` and `findings`, which depend on what was published. */
export interface BuildReport {
  readonly generation: string;
  readonly index_bytes: number;
  readonly periods: number;
  /** Only where the periods come from timestamps. */
  readonly timestamps?: TimestampReport;
  /** Only where the index explores: the share of decisions that do. */
  readonly exploration?: number;
  readonly files: readonly FileReport[];
  readonly rows: Account;
  readonly cells_by_rule: Readonly<Record<Rule, number>>;
  readonly clicks_without_impression: number;
  readonly banners_without_image: readonly number[];
  readonly mixed_sizes: MixedSizes;
  readonly held_back: readonly {
    readonly banner: number;
    readonly reason: HeldBack["reason"];
    readonly cells: number;
    readonly first_cells: HeldBack["firstCells"];
  }[];
  /** Campaigns whose default banner is held back. */
  readonly defaults_held_back: readonly number[];
  readonly images: readonly { readonly file: string; readonly bytes: number; readonly sha256: string }[];
  readonly unreadable_images: readonly string[];
  readonly unread_files: readonly string[];
  readonly missing_kinds: readonly string[];
  /** To the index that was published before. */
  readonly difference: Comparison;
  /** Only where figures were expected, however many of them differ. */
  readonly expected?: { readonly file: string; readonly sha256: string; readonly figures: number };
  readonly findings: readonly Finding[];
}

/** Of what the events lie in; a database has neither folders nor other files. */
export type ReportedData = Pick<DataFolder, "periods" | "ignored" | "missing">;

export interface BuildParts {
  readonly generation: string;
  readonly exploration: number;
  readonly accounts: readonly FileAccount[];
  readonly data: ReportedData;
  readonly times: EventTimes | undefined;
  readonly banners: BannerFolder;
  readonly compiled: Compiled;
  readonly clicksWithoutImpression: number;
  readonly mixedSizes: MixedSizes;
  readonly difference: Comparison;
  readonly expectations: Expectations | undefined;
  readonly findings: readonly Finding[];
  readonly heldBack: readonly HeldBack[];
}

export function makeReport({ accounts, data, times, banners, compiled, ...parts }: BuildParts): BuildReport {
  const hasWindow = times?.from !== undefined || times?.to !== undefined;
  const files = accounts.map((account) => reportFile(account, hasWindow));
  return {
    generation: parts.generation,
    index_bytes: compiled.length,
    periods: times?.periods ?? data.periods!,
    ...(times && { timestamps: { time_zone: times.timeZone, from: written(times.from), to: written(times.to) } }),
    ...(parts.exploration > 0 && { exploration: parts.exploration }),
    files,
    rows: sumOf(files),
    cells_by_rule: compiled.cellsByRule,
    clicks_without_impression: parts.clicksWithoutImpression,
    banners_without_image: compiled.bannersWithoutImage,
    mixed_sizes: parts.mixedSizes,
    held_back: parts.heldBack.map(({ firstCells, ...held }) => ({ ...held, first_cells: firstCells })),
    defaults_held_back: compiled.defaultsHeldBack,
    images: [...banners.images.values()].map(({ file = "", bytes, sha256 }) => ({
      file,
      bytes: bytes.length,
      sha256: sha256.toString("hex"),
    })),
    unreadable_images: banners.unreadable.map(({ file }) => file),
    unread_files: [...data.ignored, ...banners.ignored.map((name) => `${banners.name}/${name}`)],
    missing_kinds: data.missing,
    difference: parts.difference,
    ...(parts.expectations && { expected: reportExpected(parts.expectations) }),
    findings: parts.findings,
  };
}

function written(moment: number | undefined): string | null {
  return moment === undefined ? null : new Date(moment).toISOString();
}

function reportExpected({ file, digest, rows }: Expectations): NonNullable<BuildReport["expected"]> {
  return { file, sha256: digest, figures: rows.reduce((sum, { figures }) => sum + figures.size, 0) };
}

function reportFile(
  { file, digest, read, used, rejected, outside, unknownColumns }: FileAccount,
  hasWindow: boolean,
): FileReport {
  const { name, kind, period, bytes, duplicateOf } = file;
  return {
    file: name,
    kind,
    period: period ?? null,
    bytes,
    sha256: digest,
    ...(duplicateOf && { duplicate_of: duplicateOf.name }),
    read,
    used,
    rejected,
    ...(hasWindow && { outside }),
    unknown_columns: unknownColumns,
  };
}

export function sumOf(accounts: readonly Account[]): Account {
  const sum = (count: (account: Account) => number): number => accounts.reduce((sum, each) => sum + count(each), 0);
  const rejected = REJECT_KINDS.map((kind) => [kind, sum((each) => each.rejected[kind])]);
  return {
    read: sum(({ read }) => read),
    used: sum(({ used }) => used),
    rejected: Object.fromEntries(rejected) as Record<RejectKind, number>,
    ...(accounts.some(({ outside }) => outside !== undefined) && { outside: sum(({ outside = 0 }) => outside) }),
  };
}
