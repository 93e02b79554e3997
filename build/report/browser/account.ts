/** Shows the account of the input: where every row went, which bytes it came from, and what came of it. */
import { count, counted, minutesOf } from "../../../src/index/wording.js";
import type { PageAccount, PageData } from "../page-data.js";
import { ruleMark } from "../../../src/admin/dashboard/drawings.js";
import { html, type Html, type Part } from "../../../src/response/html.js";
import { FIGURE_NAMES, figuresOf, figureTexts } from "./cells.js";
import { byId, fill, row, tableHead } from "./parts.js";
import { showFindings } from "./findings.js";

const RULE_TEXTS: Readonly<Record<string, string>> = {
  "top-10": "X is 10 or more: the 10 banners with the most revenue",
  "top-x": "X is 5 to 9: the X banners that have conversions",
  "fill-by-clicks": "X is 1 to 4: the X banners that have conversions, then the most clicked others, to make 5",
  "by-clicks": "X is 0: the 5 most clicked banners",
  default: "The campaign has nothing else to show in the period: its default banner",
};

export function bytesText(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  const [unit, size] = bytes < 1e6 ? ["kB", bytes / 1e3] : bytes < 1e9 ? ["MB", bytes / 1e6] : ["GB", bytes / 1e9];
  return `${size.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${unit}`;
}

function showRows({ files, rows, reject_kinds }: PageData): void {
  const rowCount = (rows: number): Part => (rows === 0 ? html`<span class="none">0</span>` : count(rows));
  const numbers = ({ read, used, rejected, outside }: PageAccount): Part[] => [
    count(read),
    count(used),
    ...rejected.map(rowCount),
    ...(outside === undefined ? [] : [rowCount(outside)]),
  ];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const rejected = reject_kinds.map((kind) => `+ ${kind}`);
  const outside = rows.outside === undefined ? [] : ["+ Outside"];
  fill(
    "rows",
    html`${tableHead(["File", "Period", "Read", "= Used", ...rejected, ...outside, "Size", "SHA-256"])}
      <tbody>
        ${files.map((file) => {
          const sameAs = file.duplicate_of && html` <small>same bytes as <bdi>${file.duplicate_of}</bdi></small>`;
          const name = html`<bdi>${file.file}</bdi>${sameAs}`;
          return row([name, file.period ?? "–", ...numbers(file), bytesText(file.bytes), digest(file.sha256)]);
        })}
      </tbody>
      <tfoot>
        ${row(["All files", "", ...numbers(rows), bytesText(bytes), ""])}
      </tfoot>`,
  );
}

function digest(sha256: string): Html {
  const title = `${sha256}\nClick to copy`;
  return html`<button
    type="button"
    class="digest"
    value="${sha256}"
    title="${title}"
    aria-label="Copy SHA-256 ${sha256}"
  >
    ${sha256.slice(0, 8)}
  </button>`;
}

function copyDigest({ target }: Event): void {
  const button = (target as Element).closest<HTMLButtonElement>(".digest");
  if (button === null) return;
  button.textContent = button.value;
  getSelection()?.selectAllChildren(button);
  // Some browsers have none for a page that is a file: there, it is at least selected.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  clipboard?.writeText(button.value).then(
    () => (byId("announcement").textContent = "Copied."),
    () => (byId("announcement").textContent = "Selected; copying is not allowed here."),
  );
}

function showImages({ images: { count: all, first } }: PageData): void {
  byId("images-count").textContent = `${counted(all, "image")} read, with digests`;
  fill(
    "images",
    html`${tableHead(["Image", "Size", "SHA-256"])}
      <tbody>
        ${first.map(([file, bytes, sha256]) => row([html`<bdi>${file}</bdi>`, bytesText(bytes), digest(sha256)]))}
      </tbody>`,
  );
  if (all > first.length) byId("images-more").textContent = `${count(all - first.length)} more are in report.json.`;
}

function countCells({ cells_by_rule }: PageData): number {
  return Object.values(cells_by_rule).reduce((sum, cells) => sum + cells, 0);
}

function showRules(data: PageData): void {
  const all = Math.max(countCells(data), 1);
  const shown = data.rules.filter((rule) => rule !== "default" || data.cells_by_rule[rule] !== 0);
  const rules = shown.map((rule) => {
    const cells = data.cells_by_rule[rule] ?? 0;
    return html`<li>
      <p class="rule-name">${ruleMark(rule)}${rule}</p>
      <div class="large">
        ${count(cells)} <small>${cells === 1 ? "cell" : "cells"}, ${((100 * cells) / all).toFixed(0)}%</small>
      </div>
      <p class="quiet">${RULE_TEXTS[rule]}.</p>
    </li>`;
  });
  fill("cells-by-rule", html`${rules}`);
}

function showPeriods({ totals, periods }: PageData): void {
  const rows = totals.map((figures, at) =>
    row([`${at + 1} (minutes ${minutesOf(at + 1, periods)})`, ...figureTexts(figuresOf(figures))]),
  );
  fill(
    "totals",
    html`${tableHead(["Period of the hour", ...FIGURE_NAMES])}
      <tbody>
        ${rows}
      </tbody>`,
  );
}

function timestampFacts({ timestamps }: PageData): Record<string, string> {
  if (timestamps === undefined) return {};
  const { time_zone, from, to } = timestamps;
  return { "Time zone": time_zone, ...(from && { From: from }), ...(to && { "To before": to }) };
}

export function showAccount(data: PageData): void {
  const facts = {
    Generation: data.generation,
    Index: bytesText(data.index_bytes),
    Campaigns: count(data.campaigns.length + data.campaigns_left_out),
    Periods: `${data.periods} of ${60 / data.periods} min`,
    Cells: count(countCells(data)),
    ...timestampFacts(data),
  };
  const items = Object.entries(facts).map(
    ([name, value]) =>
      html`<div>
        <dt class="quiet">${name}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  fill("facts", html`${items}`);
  byId("account").addEventListener("click", copyDigest);
  showFindings(data);
  showRows(data);
  showImages(data);
  showRules(data);
  showPeriods(data);
}
