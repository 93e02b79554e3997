import { collect, defaultCell, type NaiveCell, type Statistics } from "./naive-collection.js";
import {
  BANNERS_PATH,
  CAMPAIGNS_PATH,
  describedRows,
  isBanner,
  isCampaign,
  isHeldBack,
  isPlacement,
  PLACEMENTS_PATH,
  type DescribedRow,
} from "./naive-descriptions.js";
import { inReadingOrder, periodOf, rowsOf, type Kind, type NaiveFile, type Row } from "./naive-rows.js";
import { isId, isKey, parseInstant, parseRevenue } from "./naive-values.js";

export type { NaiveCell, NaivePlace } from "./naive-collection.js";
export type { NaiveFile } from "./naive-rows.js";

/** As in a log: every value is text, and empty where there is nothing to say. */
export interface NaiveReject {
  readonly file: string;
  readonly line: string;
  readonly kind: "duplicate" | "conflict" | "orphan" | "malformed" | "duplicate file";
  readonly first_file: string;
  readonly first_line: string;
}

export interface NaiveAccount {
  readonly file: string;
  read: number;
  used: number;
  rejected: number;
}

export type NaiveSums = Readonly<Record<"impressions" | "clicks" | "conversions" | "revenue", bigint>>;

/**
 * Accounts stand by kind (impressions, clicks, conversions, placements, campaigns, banners), then in reading order;
 * rejects too, but those of impressions behind those of conversions.
 */
export interface NaiveResult {
  readonly cells: NaiveCell[];
  readonly rejects: NaiveReject[];
  readonly accounts: NaiveAccount[];
  readonly clicksWithoutImpression: number;
  /** What counts in each period, held back or not. */
  readonly sums: readonly NaiveSums[];
  /** How many cells each banner that is held back was taken from. */
  readonly heldBack: Readonly<Record<number, number>>;
}

interface Click {
  readonly row: Row;
  readonly banner: number;
  readonly campaign: number;
}

interface Conversion {
  readonly row: Row;
  readonly click: string;
  readonly revenue: bigint;
}

/**
 * A second reading of the data rules, as plain as can be, to hold the compiler against. Bad rows are rejected, never a
 * reason to stop; it throws where a file is in no period or has not the columns of its kind.
 */
export function naiveIndex(all: readonly NaiveFile[], periods: number, at = 0): NaiveResult {
  const files = all.filter(({ path }) => ![PLACEMENTS_PATH, CAMPAIGNS_PATH, BANNERS_PATH].includes(path));
  const stray = files.find(({ path }) => !(periodOf(path) >= 1 && periodOf(path) <= periods));
  if (stray !== undefined) throw new Error(`${stray.path}: is in no period from 1 to ${periods}`);
  const rejects: NaiveReject[] = [];
  const accounts = new Map<string, NaiveAccount>();
  for (const kind of ["impressions", "clicks", "conversions"] as const)
    for (const { path } of inReadingOrder(files, kind))
      accounts.set(path, { file: path, read: 0, used: 0, rejected: 0 });

  const use = (row: Pick<Row, "file">): void => {
    accounts.get(row.file)!.used++;
  };
  type Place = Pick<Row, "file" | "line">;
  const reject = (row: Place, kind: NaiveReject["kind"], first?: Place): void => {
    accounts.get(row.file)!.rejected++;
    const [first_file, first_line] = first === undefined ? ["", ""] : [first.file, String(first.line)];
    rejects.push({ file: row.file, line: String(row.line), kind, first_file, first_line });
  };

  /** Every row of a kind in reading order, without those of a file that came before under another name. */
  function* read(kind: Kind): Generator<Row> {
    const firstWithText = new Map<string, string>();
    for (const file of inReadingOrder(files, kind)) {
      const rows = rowsOf(file, kind);
      const account = { file: file.path, read: rows.length, used: 0, rejected: 0 };
      accounts.set(file.path, account);
      // Views have no id: in another period, they are other views.
      const key = `${kind === "impressions" ? periodOf(file.path) : ""} ${file.text}`;
      const first = firstWithText.get(key);
      if (first === undefined) {
        firstWithText.set(key, file.path);
        yield* rows;
      } else {
        account.rejected = rows.length;
        rejects.push({ file: file.path, line: "", kind: "duplicate file", first_file: first, first_line: "" });
      }
    }
  }

  const cells = new Map<string, Map<number, Statistics>>();
  function statisticsOf(period: number, campaign: number, banner: number): Statistics {
    const key = `${period},${campaign}`;
    const cell = cells.get(key) ?? new Map<number, Statistics>();
    cells.set(key, cell);
    const statistics = cell.get(banner) ?? { banner, revenue: 0n, conversions: 0, clicks: 0, impressions: 0 };
    cell.set(banner, statistics);
    return statistics;
  }

  const clicks = new Map<string, Click>();
  for (const row of read("clicks")) {
    const [id, ...pair] = row.fields ?? [""];
    if (!isKey(id!) || !pair.every(isId)) {
      reject(row, "malformed");
      continue;
    }
    const [banner, campaign] = pair.map(Number);
    const first = clicks.get(id!);
    if (first !== undefined) {
      const isSame = first.row.period === row.period && first.banner === banner && first.campaign === campaign;
      reject(row, isSame ? "duplicate" : "conflict", first.row);
      continue;
    }
    use(row);
    clicks.set(id!, { row, banner: banner!, campaign: campaign! });
    statisticsOf(row.period, campaign!, banner!).clicks++;
  }

  const conversions = new Map<string, Conversion>();
  for (const row of read("conversions")) {
    const revenue = parseRevenue(row.fields?.[2] ?? "");
    if (!row.fields?.slice(0, 2).every(isKey) || revenue === undefined) {
      reject(row, "malformed");
      continue;
    }
    const [id, clickId] = row.fields;
    const click = clicks.get(clickId!);
    const first = conversions.get(id!);
    if (click === undefined) reject(row, "orphan");
    else if (first !== undefined) {
      const isSame = first.click === clickId && first.revenue === revenue;
      reject(row, isSame ? "duplicate" : "conflict", first.row);
    } else {
      use(row);
      conversions.set(id!, { row, click: clickId!, revenue });
      const statistics = statisticsOf(click.row.period, click.campaign, click.banner);
      statistics.conversions++;
      statistics.revenue += revenue;
    }
  }

  for (const row of read("impressions")) {
    if (!row.fields?.every(isId)) {
      reject(row, "malformed");
      continue;
    }
    const [banner, campaign] = row.fields.map(Number);
    use(row);
    statisticsOf(row.period, campaign!, banner!).impressions++;
  }

  const unseen = [...clicks.values()].filter(
    ({ row, campaign, banner }) => statisticsOf(row.period, campaign, banner).impressions === 0,
  );
  /** Opens the account of a list, where there is one. */
  function listed(path: string): DescribedRow[] {
    const rows = describedRows(all, path);
    if (rows !== undefined) accounts.set(path, { file: path, read: rows.length, used: 0, rejected: 0 });
    return rows ?? [];
  }

  /** The first row of each id that is known. */
  function describe(
    path: string,
    column: string,
    isOne: (row: DescribedRow) => boolean,
    isKnown: (id: number, row: DescribedRow) => boolean,
  ): Map<number, DescribedRow> {
    const firstOf = new Map<number, DescribedRow>();
    for (const row of listed(path)) {
      const id = Number(row.values[column]);
      const first = firstOf.get(id);
      if (!isOne(row)) reject(row, "malformed");
      else if (first !== undefined) {
        const isSame = Object.keys(row.values).every((name) => sameValue(name, row.values, first.values));
        reject(row, isSame ? "duplicate" : "conflict", first);
      } else if (!isKnown(id, row)) reject(row, "orphan");
      else {
        use(row);
        firstOf.set(id, row);
      }
    }
    return firstOf;
  }

  const sums = Array.from({ length: periods }, (_, at) => {
    const inPeriod = [...cells].filter(([key]) => Number(key.split(",")[0]) === at + 1);
    const sum = (figure: keyof NaiveSums): bigint =>
      inPeriod.flatMap(([, cell]) => [...cell.values()]).reduce((sum, each) => sum + BigInt(each[figure]), 0n);
    return {
      impressions: sum("impressions"),
      clicks: sum("clicks"),
      conversions: sum("conversions"),
      revenue: sum("revenue"),
    };
  });
  const placed = new Map<string, DescribedRow>();
  for (const row of listed(PLACEMENTS_PATH)) {
    const [campaign, banner] = [Number(row.values["campaign_id"]), Number(row.values["banner_id"])];
    const first = placed.get(`${campaign},${banner}`);
    if (!isPlacement(row)) reject(row, "malformed");
    else if (first !== undefined) reject(row, "duplicate", first);
    else {
      use(row);
      placed.set(`${campaign},${banner}`, row);
      for (let period = 1; period <= periods; period++) statisticsOf(period, campaign, banner);
    }
  }
  const inCells = new Set([...cells.keys()].map((key) => Number(key.split(",")[1])));
  const campaigns = describe(CAMPAIGNS_PATH, "campaign_id", isCampaign, (id, { values }) => {
    return inCells.has(id) || values["default_banner"] !== "";
  });
  const defaultOf = new Map([...campaigns].map(([id, { values }]) => [id, Number(values["default_banner"])]));
  const known = new Set([...[...cells.values()].flatMap((cell) => [...cell.keys()]), ...defaultOf.values()]);
  const banners = describe(BANNERS_PATH, "banner_id", isBanner, (id) => known.has(id));
  const heldBack: Record<number, number> = {};
  for (const [banner, row] of banners) {
    if (!isHeldBack(row, at)) continue;
    heldBack[banner] = [...cells.values()].filter((cell) => cell.delete(banner)).length;
  }
  for (const [key, cell] of cells) if (cell.size === 0) cells.delete(key);

  const inOrder = [...cells].map(([key, banners]) => {
    const [period, campaign] = key.split(",").map(Number);
    return collect(period!, campaign!, [...banners.values()]);
  });
  for (const [campaign, banner] of defaultOf)
    for (let period = 1; period <= periods; period++)
      if (banner !== 0 && heldBack[banner] === undefined && !cells.has(`${period},${campaign}`))
        inOrder.push(defaultCell(period, campaign, banner));
  inOrder.sort((a, b) => a.period - b.period || a.campaign - b.campaign);
  return {
    cells: inOrder,
    rejects,
    accounts: [...accounts.values()],
    clicksWithoutImpression: unseen.length,
    sums,
    heldBack,
  };
}

/** Moments are the same though their texts differ, and `on` says no more than nothing. */
function sameValue(name: string, a: DescribedRow["values"], b: DescribedRow["values"]): boolean {
  if (a[name] === b[name]) return true;
  if (name === "status") return /^off$/i.test(a[name]!) === /^off$/i.test(b[name]!);
  if (name !== "from" && name !== "until") return false;
  return a[name] !== "" && b[name] !== "" && parseInstant(a[name]!) === parseInstant(b[name]!);
}
