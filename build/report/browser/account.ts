/** The account of the input: where every row went, which bytes it came from, and what came of it. */
import { figuresAt } from "./cells.js";
import { byId, element, row, type Child } from "./element.js";
import type { PageAccount, PageData } from "./page-data.js";
import { RULE_WORDINGS, ruleMark } from "./rules.js";
import { showVerdict } from "./verdict.js";
import { bytesText, count, counted, minutesOf, revenueText } from "./wording.js";

function showRows(data: PageData): void {
  const headers = ["Period", "Read", "= Used", ...data.reject_kinds.map((kind) => `+ ${kind}`), "Size", "SHA-256"];
  const rowCount = (rows: number): HTMLElement => element("span", rows === 0 ? { class: "none" } : {}, count(rows));
  const numbers = (account: PageAccount): Child[] => [
    count(account.read),
    count(account.used),
    ...account.rejected.map(rowCount),
  ];
  const bytes = data.files.reduce((sum, file) => sum + file.bytes, 0);
  byId("rows").append(
    element(
      "thead",
      {},
      element("tr", {}, ...["File", ...headers].map((text) => element("th", { scope: "col" }, text))),
    ),
    element(
      "tbody",
      {},
      ...data.files.map((file) => {
        const duplicate =
          file.duplicate_of === undefined
            ? undefined
            : element("small", {}, " same bytes as ", element("bdi", {}, file.duplicate_of));
        const name = element("span", {}, element("bdi", {}, file.file), duplicate);
        return row(name, String(file.period ?? "–"), ...numbers(file), bytesText(file.bytes), digest(file.sha256));
      }),
    ),
    element("tfoot", {}, row("All files", "", ...numbers(data.rows), bytesText(bytes), "")),
  );
}

/** The first digits; all of them on pointing at it, and copied on a click. */
function digest(sha256: string): HTMLElement {
  const button = element(
    "button",
    { type: "button", class: "digest", title: `${sha256}\nClick to copy`, "aria-label": `Copy SHA-256 ${sha256}` },
    sha256.slice(0, 8),
  );
  button.addEventListener("click", () => {
    button.textContent = sha256;
    getSelection()?.selectAllChildren(button);
    // Some browsers have none for a page that is a file; it is selected at least.
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
    element(
      "tbody",
      {},
      ...images.first.map(([file, bytes, sha256]) => row(element("bdi", {}, file), bytesText(bytes), digest(sha256))),
    ),
  );
  if (images.count > images.first.length)
    byId("images-more").textContent = `${count(images.count - images.first.length)} more are in report.json.`;
}

function showRules(data: PageData): void {
  const cells = Object.values(data.cells_by_rule).reduce((sum, cellsOf) => sum + cellsOf, 0);
  byId("cells-by-rule").append(
    ...[...data.rules].reverse().map((rule) => {
      const cellsOf = data.cells_by_rule[rule] ?? 0;
      const { when, takes } = RULE_WORDINGS[rule]!;
      const share = `${((100 * cellsOf) / Math.max(cells, 1)).toFixed(0)}%`;
      return element(
        "li",
        {},
        element("p", { class: "rule-name" }, ruleMark(rule), rule),
        element(
          "div",
          { class: "large" },
          count(cellsOf),
          element("small", {}, ` ${cellsOf === 1 ? "cell" : "cells"}, ${share}`),
        ),
        element("p", {}, `${when}: ${takes}.`),
      );
    }),
  );
}

function showPeriods({ totals, periods }: PageData): void {
  byId("totals").append(
    ...totals.revenue.map((_, at) => {
      const { revenue, conversions, clicks, impressions } = figuresAt(totals, at);
      const period = `${at + 1} (minutes ${minutesOf(at + 1, periods)})`;
      return row(period, revenueText(revenue), count(conversions), count(clicks), count(impressions));
    }),
  );
}

export function showAccount(data: PageData): void {
  const cells = Object.values(data.cells_by_rule).reduce((sum, cellsOf) => sum + cellsOf, 0);
  const campaigns = data.campaigns.length + data.campaigns_left_out;
  const facts = [
    ["Generation", data.generation],
    ["Index", bytesText(data.index_bytes)],
    ["Campaigns", count(campaigns)],
    ["Periods", `${data.periods} of ${60 / data.periods} min`],
    ["Cells", count(cells)],
  ] as const;
  byId("facts").append(
    ...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
  showVerdict(data);
  showRows(data);
  showImages(data);
  showRules(data);
  showPeriods(data);
}
