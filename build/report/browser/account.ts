/** Shows the account of the input: where every row went, which bytes it came from, and what came of it. */
import { count, counted, minutesOf } from "../../../src/index/wording.js";
import type { PageAccount, PageData } from "../page-data.js";
import { FIGURE_NAMES, figuresAt, figureTexts } from "./cells.js";
import { byId, element, row, ruleMark, tableHead, type Child } from "./element.js";
import { showFindings } from "./findings.js";

/** When each rule applies, and what it takes. */
const RULE_TEXTS: Readonly<Record<string, string>> = {
  "top-10": "X is 10 or more: the 10 banners with the most revenue",
  "top-x": "X is 5 to 9: the X banners that have conversions",
  "fill-by-clicks": "X is 1 to 4: the X banners that have conversions, then the most clicked others, to make 5",
  "by-clicks": "X is 0: the 5 most clicked banners",
};

export function bytesText(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  const [unit, size] = bytes < 1e6 ? ["kB", bytes / 1e3] : bytes < 1e9 ? ["MB", bytes / 1e6] : ["GB", bytes / 1e9];
  return `${size.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${unit}`;
}

function showRows(data: PageData): void {
  const rejected = data.reject_kinds.map((kind) => `+ ${kind}`);
  const rowCount = (rows: number): HTMLElement => element("span", rows === 0 ? { class: "none" } : {}, count(rows));
  const numbers = (account: PageAccount): Child[] => [
    count(account.read),
    count(account.used),
    ...account.rejected.map(rowCount),
  ];
  const bytes = data.files.reduce((sum, file) => sum + file.bytes, 0);
  byId("rows").append(
    tableHead(["File", "Period", "Read", "= Used", ...rejected, "Size", "SHA-256"]),
    element(
      "tbody",
      {},
      ...data.files.map((file) => {
        const name = element("span", {}, element("bdi", {}, file.file));
        if (file.duplicate_of !== undefined)
          name.append(element("small", {}, " same bytes as ", element("bdi", {}, file.duplicate_of)));
        return row(name, String(file.period ?? "–"), ...numbers(file), bytesText(file.bytes), digest(file.sha256));
      }),
    ),
    element("tfoot", {}, row("All files", "", ...numbers(data.rows), bytesText(bytes), "")),
  );
}

/** The first digits of a digest; the title has all, and a click copies them. */
function digest(sha256: string): HTMLElement {
  const button = element(
    "button",
    { type: "button", class: "digest", title: `${sha256}\nClick to copy`, "aria-label": `Copy SHA-256 ${sha256}` },
    sha256.slice(0, 8),
  );
  button.addEventListener("click", () => {
    button.textContent = sha256;
    getSelection()?.selectAllChildren(button);
    // Some browsers have none for a page that is a file: there, it is at least selected.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    clipboard?.writeText(sha256).then(
      () => (byId("announcement").textContent = "Copied."),
      () => (byId("announcement").textContent = "Selected; copying is not allowed here."),
    );
  });
  return button;
}

function showImages({ images }: PageData): void {
  byId("images-count").textContent = `${counted(images.count, "image")} read, with digests`;
  byId("images").append(
    tableHead(["Image", "Size", "SHA-256"]),
    element(
      "tbody",
      {},
      ...images.first.map(([file, bytes, sha256]) => row(element("bdi", {}, file), bytesText(bytes), digest(sha256))),
    ),
  );
  if (images.count > images.first.length)
    byId("images-more").textContent = `${count(images.count - images.first.length)} more are in report.json.`;
}

function countCells({ cells_by_rule }: PageData): number {
  return Object.values(cells_by_rule).reduce((sum, cells) => sum + cells, 0);
}

function showRules(data: PageData): void {
  const cells = countCells(data);
  byId("cells-by-rule").append(
    ...[...data.rules].reverse().map((rule) => {
      const cellsOf = data.cells_by_rule[rule] ?? 0;
      const what = cellsOf === 1 ? " cell" : " cells";
      const share = `${((100 * cellsOf) / Math.max(cells, 1)).toFixed(0)}%`;
      return element(
        "li",
        {},
        element("p", { class: "rule-name" }, ruleMark(rule), rule),
        element("div", { class: "large" }, count(cellsOf), element("small", {}, `${what}, ${share}`)),
        element("p", {}, `${RULE_TEXTS[rule]!}.`),
      );
    }),
  );
}

function showPeriods({ totals, periods }: PageData): void {
  const rows = totals.revenue.map((_, at) =>
    row(`${at + 1} (minutes ${minutesOf(at + 1, periods)})`, ...figureTexts(figuresAt(totals, at))),
  );
  byId("totals").append(tableHead(["Period of the hour", ...FIGURE_NAMES]), element("tbody", {}, ...rows));
}

export function showAccount(data: PageData): void {
  const facts = {
    Generation: data.generation,
    Index: bytesText(data.index_bytes),
    Campaigns: count(data.campaigns.length + data.campaigns_left_out),
    Periods: `${data.periods} of ${60 / data.periods} min`,
    Cells: count(countCells(data)),
  };
  for (const [name, value] of Object.entries(facts))
    byId("facts").append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  showFindings(data);
  showRows(data);
  showImages(data);
  showRules(data);
  showPeriods(data);
}
