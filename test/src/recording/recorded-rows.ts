/** Reads what was recorded in a folder, without the code that writes it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const HEADERS = {
  impressions: "timestamp,campaign_id,banner_id,count,file",
  clicks: "timestamp,click_id,campaign_id,banner_id",
  conversions: "timestamp,conversion_id,click_id,revenue",
} as const;

export type Kind = keyof typeof HEADERS;

export interface RecordedFile {
  readonly name: string;
  /** Without the header. */
  readonly rows: readonly (readonly string[])[];
}

/** In order of name. @throws where a line is not whole, a header is another, or a file names another */
export function recordedFiles(folder: string, kind: Kind): readonly RecordedFile[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(kind));
  return names.sort().map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    if (!text.endsWith("\n")) throw new Error(`${name} ends within a line`);
    const [header, ...rows] = text.slice(0, -1).split("\n");
    if (header !== HEADERS[kind]) throw new Error(`${name} begins with ${header}`);
    if (rows.length === 0) throw new Error(`${name} has no row`);
    const fields = rows.map((row) => row.split(","));
    const columns = header.split(",").length;
    for (const [at, row] of fields.entries()) {
      if (row.length !== columns) throw new Error(`${name}: ${rows[at]} has ${row.length} fields`);
      if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(row[0]!)) throw new Error(`${name}: ${rows[at]} has no time`);
      if (kind === "impressions" && row[4] !== (at === 0 ? name : "")) throw new Error(`${name} says ${row[4]}`);
    }
    return { name, rows: fields };
  });
}

export function recordedRows(folder: string, kind: Kind): readonly (readonly string[])[] {
  return recordedFiles(folder, kind).flatMap(({ rows }) => rows);
}

/** Sums of impressions by `timestamp campaign banner`. */
export function impressionSums(folder: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [timestamp, campaign, banner, count] of recordedRows(folder, "impressions")) {
    const key = `${timestamp} ${campaign} ${banner}`;
    sums.set(key, (sums.get(key) ?? 0) + Number(count));
  }
  return sums;
}
