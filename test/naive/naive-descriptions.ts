import type { NaiveFile } from "./naive-rows.js";
import { isId, parseInstant } from "./naive-values.js";

export const CAMPAIGNS_PATH = "campaigns.csv";
export const PLACEMENTS_PATH = "placements.csv";
export const BANNERS_PATH = "banners/banners.csv";

export interface DescribedRow {
  readonly file: string;
  readonly line: number;
  /** By the names of the columns; a column that the file lacks is "". */
  readonly values: Readonly<Record<string, string>>;
  readonly isWhole: boolean;
}

const COLUMNS = ["campaign_id", "name", "default_banner", "banner_id", "alt", "link", "status", "from", "until"];

/** Of unquoted CSV in which every line behind the header is a row. */
export function describedRows(files: readonly NaiveFile[], path: string): DescribedRow[] | undefined {
  const file = files.find((each) => each.path === path);
  if (file === undefined) return undefined;
  const [header = [], ...lines] = file.text.split("\n").map((line) => line.split(","));
  return lines.slice(0, -1).map((fields, at) => ({
    file: path,
    line: at + 2,
    values: Object.fromEntries(COLUMNS.map((column) => [column, (fields[header.indexOf(column)] ?? "").trim()])),
    isWhole: fields.length === header.length,
  }));
}

export function isPlacement({ values, isWhole }: DescribedRow): boolean {
  return isWhole && isId(values["campaign_id"]!) && isId(values["banner_id"]!);
}

export function isCampaign({ values, isWhole }: DescribedRow): boolean {
  return (
    isWhole && isId(values["campaign_id"]!) && (values["default_banner"] === "" || isId(values["default_banner"]!))
  );
}

export function isBanner({ values, isWhole }: DescribedRow): boolean {
  const { banner_id, link, status, from, until } = values as Record<string, string>;
  if (!isWhole || !isId(banner_id!) || !(link === "" || link!.startsWith("https://"))) return false;
  if (!["", "on", "off"].includes(status!.toLowerCase())) return false;
  const moments = [from!, until!].map((text) => (text === "" ? null : parseInstant(text)));
  const [start, end] = moments;
  if (moments.includes(undefined)) return false;
  return start === null || end === null || start! < end!;
}

/** Of a row that is one. */
export function isHeldBack({ values }: DescribedRow, at: number): boolean {
  const { status, from, until } = values as Record<string, string>;
  return (
    status!.toLowerCase() === "off" ||
    (from !== "" && at < parseInstant(from!)!) ||
    (until !== "" && at >= parseInstant(until!)!)
  );
}
