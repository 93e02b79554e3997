/** Says in plain words, for the report page, what is remarkable in the data that a build read. */
import { counted } from "../../src/index/wording.js";
import { rejectedRows } from "../count/account.js";
import { clipped, half, named } from "./clipped.js";
import type { LeftOut, PageNames, Remark } from "./page-data.js";
import type { Account, BuildReport } from "./report.js";
import { heldBackText } from "./summary.js";

const MAX_FINDING_LENGTH = 4000;

export const isBalanced = (rows: Account): boolean =>
  rows.read === rows.used + rejectedRows(rows) + (rows.outside ?? 0);

/** Those that need attention first. */
export function remarksOf(report: BuildReport, left_out: LeftOut): Remark[] {
  const { rows, files, mixed_sizes } = report;
  const findings = report.findings.map((finding) => ({ ...finding, text: clipped(finding.text, MAX_FINDING_LENGTH) }));
  const failed = findings.map(({ name, text, accepted }) =>
    accepted
      ? { is_alarm: true, text: `A failed check was let pass by --accept ${name}: ${text}.` }
      : { is_alarm: true, text: `Not published, for a check failed: ${text}.`, accept: name },
  );
  const lost = { is_alarm: true, text: "Rows are lost: those read are more or fewer than those used and rejected." };
  const of = (is_alarm: boolean, names: PageNames | number, what: string, rest: string): Remark[] => {
    const number = typeof names === "number" ? names : names.count;
    const text = `${counted(number, what)} ${rest}`;
    return number === 0 ? [] : [{ is_alarm, text, ...(typeof names !== "number" && { names }) }];
  };
  const columns = files.flatMap(({ file, unknown_columns }) => unknown_columns.map((name) => ({ name, file })));
  const sizes = mixed_sizes.first.map(({ campaign, sizes }) => `${campaign} (${sizes.join(", ")})`);
  const mixed = { count: mixed_sizes.count, first: sizes };
  const unknown = named(columns, ({ name, file }) => `“\u2068${half(name)}\u2069” in ${half(file)}`);
  const rejects = findings.every(({ accepted }) => accepted) ? "rejects.csv" : "rejects.refused.csv";
  return [
    ...failed,
    ...([rows, ...files].every(isBalanced) ? [] : [lost]),
    ...of(true, rejectedRows(rows), "row", `rejected: ${rejects} has each, with the reason.`),
    ...of(true, named(report.missing_kinds), "file", "missing:"),
    ...of(true, named(report.unreadable_images), "image", "unreadable, shown as a placeholder:"),
    ...of(true, named(report.banners_without_image), "banner", "without an image, shown as a placeholder:"),
    ...of(true, named(report.defaults_held_back), "campaign", "without its default banner, which is held back:"),
    ...of(false, named(report.held_back, heldBackText), "banner", "held back, being off, over or not to be shown yet:"),
    ...of(false, mixed, "campaign", "with banners of different sizes, not all of which fit one frame:"),
    ...of(false, named(report.unread_files), "file", "not read, since nothing is known by that name:"),
    ...of(false, unknown, "column", "not read:"),
    ...of(false, report.clicks_without_impression, "click", "without an impression, counted all the same."),
    ...of(
      false,
      left_out.campaigns,
      "campaign",
      "left out of this file, those with the least revenue: totals are of all.",
    ),
    ...of(false, left_out.images, "image", "shown as the banner's id, being too large, or too many for one file."),
  ];
}
