export interface NaiveFile {
  /** Folder of the period and name: "1/clicks_1.csv". */
  readonly path: string;
  /** Unquoted CSV with a header. */
  readonly text: string;
}

export type Kind = "impressions" | "clicks" | "conversions";

export const COLUMNS: Readonly<Record<Kind, readonly string[]>> = {
  impressions: ["banner_id", "campaign_id"],
  clicks: ["click_id", "banner_id", "campaign_id"],
  conversions: ["conversion_id", "click_id", "revenue"],
};

export interface Row {
  readonly file: string;
  readonly period: number;
  readonly line: number;
  /** In the order of COLUMNS; undefined where the row has too few fields or too many. */
  readonly fields: readonly string[] | undefined;
}

export const periodOf = (path: string): number => Number(path.split("/")[0]);
const nameOf = (path: string): string => path.split("/")[1] ?? "";

/** By period, then by name in plain code unit order. */
export function inReadingOrder(files: readonly NaiveFile[], kind: Kind): NaiveFile[] {
  const ofKind = files.filter(({ path }) => nameOf(path).startsWith(kind) && path.endsWith(".csv"));
  return ofKind.sort((a, b) => periodOf(a.path) - periodOf(b.path) || (nameOf(a.path) < nameOf(b.path) ? -1 : 1));
}

/** Lines are those of the file: the header is 1, and one of commas and blanks counts although it is no row. */
export function rowsOf(file: NaiveFile, kind: Kind): Row[] {
  const lines = file.text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  const header = lines[0]!.split(",");
  const positions = COLUMNS[kind].map((column) => header.indexOf(column));
  if (positions.includes(-1)) throw new Error(`${file.path}:1: has no column for each of ${COLUMNS[kind].join()}`);
  const rows: Row[] = [];
  lines.forEach((text, at) => {
    if (at === 0 || /^[ \t,]*$/.test(text)) return;
    const fields = text.split(",").map((field) => field.replace(/^[ \t]+|[ \t]+$/g, ""));
    const isWhole = fields.length === header.length;
    rows.push({
      file: file.path,
      period: periodOf(file.path),
      line: at + 1,
      fields: isWhole ? positions.map((position) => fields[position]!) : undefined,
    });
  });
  return rows;
}
