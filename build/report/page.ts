/** A build's report and its index to one HTML page that shows whether the data are right and why each banner is in; it needs no network. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Catalog } from "../../src/index/catalog.js";
import { RULES } from "../../src/index/sections.js";
import { joinModules } from "./join-modules.js";
import { REJECT_KINDS } from "../count/rejects.js";
import { reportCells, type ReportCells } from "./cells.js";
import type { PageAccount, PageData, PageNames } from "./browser/page-data.js";
import { reportThumbnails, type ReportThumbnails } from "./thumbnails.js";
import type { Account, BuildReport } from "./report.js";

/** Seen from dist/build/. The script is compiled; the page and its style are not. */
const TEMPLATES = join(import.meta.dirname, "../../../build/report/browser");
const SCRIPT = join(import.meta.dirname, "browser/show-report.js");

/** The most names of one list, and the most characters of one name: both are as long as those who made the data please. */
const MOST_NAMED = 100;
const MOST_IMAGES_NAMED = 500;
const LONGEST_NAME = 200;

/** The page's whole text. The same report and index give the same page. */
export function reportPage(report: BuildReport, catalog: Catalog): string {
  const cells = reportCells(catalog);
  const { thumbnails, leftOut } = reportThumbnails(catalog, cells.shownBanners);
  const style = readText(join(TEMPLATES, "page.css"));
  const charts = readText(createRequire(import.meta.url).resolve("echarts/dist/echarts.common.min.js"));
  const script = joinModules(SCRIPT);
  const parts: Readonly<Record<string, string>> = {
    policy: `<meta http-equiv="Content-Security-Policy" content="${policy([charts, script], style)}" />`,
    style: `<style>${style}</style>`,
    data: dataElement("report-data", pageData(report, cells, leftOut)) + dataElement("thumbnails", thumbnails),
    charts: `<script>${charts}</script>`,
    script: `<script type="module">${script}</script>`,
  };
  return readText(join(TEMPLATES, "page.html")).replaceAll(
    /<!-- ([a-z]+) goes here -->/g,
    (_, part: string) => parts[part]!,
  );
}

/** With the line ends that a browser makes of any, since it digests what it has read. */
function readText(path: string): string {
  return readFileSync(path, "utf8").replaceAll("\r\n", "\n");
}

/** Nothing runs but these scripts, whatever names the data have, and nothing is fetched or sent. */
function policy(scripts: readonly string[], style: string): string {
  const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return (
    `default-src 'none'; script-src ${scripts.map(digest).join(" ")}; style-src ${digest(style)}; ` +
    "img-src data:; base-uri 'none'; form-action 'none'"
  );
}

/** A script element that is not run. No text in it can end it, since it has no `<`. */
function dataElement(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>`;
}

function pageData(report: BuildReport, cells: ReportCells, imagesLeftOut: ReportThumbnails["leftOut"]): PageData {
  const { totals, campaigns, campaign_revenue, campaigns_left_out, entries } = cells;
  return {
    generation: report.generation,
    index_bytes: report.index_bytes,
    periods: report.periods,
    rules: RULES,
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
    unreadable_images: named(report.unreadable_images),
    unknown_columns: named(
      report.files.flatMap(({ file, unknown_columns }) =>
        unknown_columns.map((column) => `“\u2068${clipped(column, LONGEST_NAME / 2)}\u2069” in ${file}`),
      ),
    ),
    unread_files: named(report.unread_files),
    missing_kinds: named(report.missing_kinds),
    images: {
      count: report.images.length,
      first: report.images
        .slice(0, MOST_IMAGES_NAMED)
        .map(({ file, bytes, sha256 }) => [clipped(file), bytes, sha256] as const),
    },
    totals,
    campaigns,
    campaign_revenue,
    campaigns_left_out,
    cells: cells.cells,
    entries,
    images_left_out: imagesLeftOut,
  };
}

function account({ read, used, rejected }: Account): PageAccount {
  return { read, used, rejected: REJECT_KINDS.map((kind) => rejected[kind]) };
}

function named(names: readonly (string | number)[]): PageNames {
  return { count: names.length, first: names.slice(0, MOST_NAMED).map((name) => clipped(String(name))) };
}

function clipped(name: string, longest = LONGEST_NAME): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
