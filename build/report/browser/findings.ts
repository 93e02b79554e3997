/** Shows the findings of the report: whether all is well, what to look at, and what to know. */
import { count, counted } from "../../../src/index/wording.js";
import type { PageAccount, PageData, PageNames } from "../page-data.js";
import { html, type Html, type Part } from "../../../src/response/html.js";
import { byId, fill } from "./parts.js";

const rejectedOf = (account: PageAccount): number => account.rejected.reduce((sum, rows) => sum + rows, 0);

const isBalanced = (account: PageAccount): boolean =>
  account.read === account.used + rejectedOf(account) + (account.outside ?? 0);

const UNBALANCED = "The account does not add up: rows read are not rows used + rejected + outside.";

const outsideText = ({ outside }: PageAccount): string =>
  outside === undefined ? "" : `, ${count(outside)} outside of the window`;

interface Finding {
  readonly isWarning: boolean;
  readonly text: string;
  readonly names: PageNames;
}

function findingsOf(data: PageData): Finding[] {
  const findings: Finding[] = [];
  const rejected = rejectedOf(data.rows);
  const byKind = data.reject_kinds.flatMap((kind, at) => {
    const rows = data.rows.rejected[at]!;
    return rows > 0 ? [`${count(rows)} ${kind}`] : [];
  });
  if (![data.rows, ...data.files].every(isBalanced))
    findings.push({ isWarning: true, text: UNBALANCED, names: { count: 0, first: [] } });
  const add = (isWarning: boolean, names: PageNames, what: string, rest: string): void => {
    if (names.count > 0) findings.push({ isWarning, text: `${counted(names.count, what)} ${rest}`, names });
  };
  for (const { name, text, accepted } of data.findings) {
    const what = accepted ? "Let pass by --accept" : "Not published for it";
    findings.push({ isWarning: true, text: `${what}, ${name}: ${text}.`, names: { count: 0, first: [] } });
  }
  const rejections = `rejected (${byKind.join(", ")}): each is a line of rejects.csv, with the reason.`;
  add(true, { count: rejected, first: [] }, "row", rejections);
  add(true, data.missing_kinds, "kind", "of event without a file in a period:");
  add(true, data.unreadable_images, "file", "named as a banner’s image but not an image; a placeholder was drawn:");
  add(true, data.banners_without_image, "banner", "without an image; a placeholder with the id was drawn:");
  add(false, data.mixed_sizes, "campaign", "with banners that differ in size:");
  add(true, data.defaults_held_back, "campaign", "whose default banner is held back, and is no default:");
  add(false, data.held_back, "banner", "held back, since it is off, over or not to be shown yet:");
  add(false, data.unread_files, "file", "in the data folder not read, since the name is not one that is expected:");
  add(false, data.unknown_columns, "column", "not read:");
  const early = { count: data.clicks_without_impression, first: [] };
  add(false, early, "click", "without an impression in the same cell. Counted all the same.");
  return findings;
}

export function showFindings(data: PageData): void {
  const findings = findingsOf(data);
  const warnings = findings.filter(({ isWarning }) => isWarning).length;
  const rows = `${counted(data.rows.read, "row")} read, ${count(data.rows.used)} used, ${count(rejectedOf(data.rows))} rejected${outsideText(data.rows)}`;
  const failed = data.findings.filter(({ accepted }) => !accepted).length;
  const heading =
    failed > 0
      ? `Not published: ${counted(failed, "check")} failed`
      : warnings > 0
        ? `${counted(warnings, "thing")} to look at`
        : findings.length > 0
          ? `All is well, and ${counted(findings.length, "thing")} to know`
          : "All is well";
  byId("findings").classList.toggle("alarm", warnings > 0);
  fill(
    "findings",
    html`<h2>${heading}</h2>
      <p>${rows}${isBalanced(data.rows) ? ": every row is accounted for." : "."}</p>
      <ul>
        ${findings.map(
          ({ isWarning, text, names }) =>
            html`<li class="${isWarning ? "warning" : "note"}">
              <span class="pill">${isWarning ? "Look" : "Note"}</span>
              <span>${text} ${namesOf(names)}</span>
            </li>`,
        )}
      </ul>`,
  );
}

/** The first names, and how many more there are; each isolated, so that no writing direction leaks out of it. */
function namesOf({ count: all, first }: PageNames): Html {
  const short = 12;
  const list = (names: readonly string[]): Part =>
    names.map((name, at) => html`${at > 0 ? ", " : ""}<bdi>${name}</bdi>`);
  if (all <= short) return html`${list(first)}`;
  const further = all > first.length ? `; ${count(all - first.length)} more in report.json` : "";
  return html`<details>
    <summary>${list(first.slice(0, 3))} … (${count(first.length)})</summary>
    ${list(first)}${further}
  </details>`;
}
