/** Makes the report page: one HTML file that says whether the data are right and why each banner is in. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Catalog } from "../../src/index/catalog.js";
import { RULES_BY_X } from "../../src/index/sections.js";
import { printable } from "../../src/options/printable.js";
import { REJECT_KINDS } from "../count/rejects.js";
import { reportCells, type ReportCells } from "./cells.js";
import type { PageAccount, PageData, PageNames } from "./page-data.js";
import type { Account, BuildReport } from "./report.js";
import { heldBackText } from "./summary.js";
import { reportThumbnails, type ReportThumbnails } from "./thumbnails.js";

/** Bounds, since in the data lists and names may be of any length. */
const MAX_NAMED = 100;
const MAX_IMAGES_NAMED = 500;
const MAX_NAME_LENGTH = 200;
const MAX_FINDING_LENGTH = 4000;

export function reportPage(report: BuildReport, catalog: Catalog): string {
  const { shownBanners, ...cells } = reportCells(catalog);
  const { thumbnails, leftOut } = reportThumbnails(catalog, shownBanners);
  const style = readBundled("report.css");
  const script = readBundled("report.js");
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}" />`,
    style: `<style>${style}</style>`,
    data: dataElement("report-data", pageData(report, cells, leftOut)) + dataElement("thumbnails", thumbnails),
    script: `<script>${script}</script>`,
  };
  return readBundled("report.html").replaceAll(/<!-- ([a-z]+) goes here -->/g, (_, part: string) => parts[part]!);
}

/** Browsers digest text with LF line ends. */
function readBundled(name: string): string {
  return readFileSync(join(import.meta.dirname, "../report/browser", name), "utf8").replaceAll("\r\n", "\n");
}

/** Nothing runs but this script, whatever names the data have, and nothing is fetched or sent. */
function policy(script: string, style: string): string {
  const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return (
    `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; ` +
    "img-src data:; base-uri 'none'; form-action 'none'"
  );
}

/** A script element that is not run. It has no `<`, so that no text in it can end it. */
function dataElement(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>`;
}

function pageData(
  report: BuildReport,
  cells: Omit<ReportCells, "shownBanners">,
  imagesLeftOut: ReportThumbnails["leftOut"],
): PageData {
  return {
    generation: report.generation,
    index_bytes: report.index_bytes,
    periods: report.periods,
    ...(report.timestamps && { timestamps: report.timestamps }),
    rules: RULES_BY_X,
    reject_kinds: REJECT_KINDS,
    rows: account(report.rows),
    files: report.files.map(({ file, period, bytes, sha256, duplicate_of, ...rows }) => ({
      file: clipped(file),
      period,
      bytes,
      sha256,
      ...(duplicate_of !== undefined && { duplicate_of: clipped(duplicate_of) }),
      ...account(rows),
    })),
    cells_by_rule: report.cells_by_rule,
    clicks_without_impression: report.clicks_without_impression,
    banners_without_image: named(report.banners_without_image),
    mixed_sizes: {
      count: report.mixed_sizes.count,
      first: report.mixed_sizes.first.map(({ campaign, sizes }) => `${campaign} (${sizes.join(", ")})`),
    },
    held_back: named(report.held_back, heldBackText),
    defaults_held_back: named(report.defaults_held_back),
    unreadable_images: named(report.unreadable_images),
    unknown_columns: named(
      report.files.flatMap(({ file, unknown_columns }) => unknown_columns.map((column) => ({ column, file }))),
      ({ column, file }) =>
        `“\u2068${clipped(column, MAX_NAME_LENGTH / 2)}\u2069” in ${clipped(file, MAX_NAME_LENGTH / 2)}`,
    ),
    unread_files: named(report.unread_files),
    missing_kinds: named(report.missing_kinds),
    difference:
      report.difference.result === "unreadable"
        ? { ...report.difference, reason: clipped(report.difference.reason) }
        : report.difference,
    findings: report.findings.map((finding) => ({ ...finding, text: clipped(finding.text, MAX_FINDING_LENGTH) })),
    images: {
      count: report.images.length,
      first: report.images
        .slice(0, MAX_IMAGES_NAMED)
        .map(({ file, bytes, sha256 }) => [clipped(file), bytes, sha256] as const),
    },
    ...cells,
    images_left_out: imagesLeftOut,
  };
}

function account({ read, used, rejected, outside }: Account): PageAccount {
  const byKind = REJECT_KINDS.map((kind) => rejected[kind]);
  return { read, used, rejected: byKind, ...(outside !== undefined && { outside }) };
}

function named<Item>(items: readonly Item[], nameOf = (item: Item): string => clipped(String(item))): PageNames {
  return { count: items.length, first: items.slice(0, MAX_NAMED).map(nameOf) };
}

/** A clip may cut a character in two, so that what is invisible is escaped after it. */
function clipped(name: string, maxLength = MAX_NAME_LENGTH): string {
  return printable(name.length > maxLength ? `${name.slice(0, maxLength)}…` : name);
}
