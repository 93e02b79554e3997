/** Shows how the index differs from the one that was published before it. */
import { count, named, sumText } from "../../../src/index/wording.js";
import { html, type Html, type Part } from "../../../src/response/html.js";
import type { PageData } from "../page-data.js";
import { byId, fill, row, tableHead } from "./parts.js";

type Difference = PageData["difference"];
type Changed = Extract<Difference, { result: "changed" }>;

export function showDifference({ difference }: PageData): void {
  fill("difference-text", html`${textOf(difference)}`);
  byId("difference-figures").hidden = difference.result !== "changed";
  if (difference.result === "changed") fill("difference-table", tableOf(difference));
}

function textOf(difference: Difference): Part {
  if (difference.result === "first") return "No index was published in the folder before.";
  if (difference.result === "unchanged") return "Unchanged: the index has the same bytes as the one before.";
  if (difference.result === "unreadable")
    return `The index before could not be read, so nothing is compared with it: ${difference.reason}.`;
  return `The index before is generation ${difference.generation.before}.`;
}

function tableOf({ periods, revenue, cells_by_rule, ...more }: Changed): Html {
  const cells = Object.values(cells_by_rule);
  const sumOf = (side: "before" | "after"): string => count(cells.reduce((sum, each) => sum + each[side], 0));
  const ids = ({ count: all, first }: Changed["banners_in"]): Part =>
    all === 0 ? "0" : `${count(all)}: ${named(first, first.length, all)}`;
  const few = (cells: number | null): string => (cells === null ? "–" : count(cells));
  return html`${tableHead(["What", "Before", "Now", "Gone", "New"])}
    <tbody>
      ${row(["Periods", count(periods.before), count(periods.after), "", ""])}
      ${row(["Cells", sumOf("before"), sumOf("after"), few(more.cells_gone), few(more.cells_new)])}
      ${Object.entries(cells_by_rule).map(([rule, { before, after }]) =>
        row([`Cells, ${rule}`, count(before), count(after), "", ""]),
      )}
      ${row(["Revenue", sumText(revenue.before), sumText(revenue.after), "", ""])}
      ${row(["Campaigns", "", "", ids(more.campaigns_gone), ids(more.campaigns_new)])}
      ${row(["Banners that a cell may show", "", "", ids(more.banners_out), ids(more.banners_in)])}
    </tbody>`;
}
