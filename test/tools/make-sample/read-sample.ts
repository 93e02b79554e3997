/** Reads a sample as plainly as can be. Nothing here is shared with the script or with the build. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type EventKind = "impressions" | "clicks" | "conversions";

export interface Conversion {
  /** The period whose file brought it. */
  readonly arrived: number;
  readonly micros: bigint;
}

export interface Click {
  readonly id: string;
  readonly conversions: Conversion[];
}

export interface Banner {
  readonly id: number;
  impressions: number;
  readonly clicks: Click[];
}

export interface Cell {
  readonly period: number;
  readonly campaign: number;
  readonly banners: Map<number, Banner>;
}

export interface Sample {
  readonly cells: readonly Cell[];
  /** Names of the image files, in no particular order. */
  readonly images: readonly string[];
}

/** The fields of each row of one file, without its header. */
export function readRows(data: string, period: number, kind: EventKind): string[][] {
  const lines = readFileSync(join(data, `${period}`, `${kind}_${period}.csv`), "utf8").split("\n");
  return lines.slice(1, -1).map((line) => line.split(","));
}

export function readSample(data: string): Sample {
  const cells = new Map<string, Cell>();
  const clicks = new Map<string, Click>();
  const bannerOf = (period: number, banner: string, campaign: string): Banner => {
    const key = `${period}/${campaign}`;
    const cell = cells.get(key) ?? { period, campaign: Number(campaign), banners: new Map<number, Banner>() };
    cells.set(key, cell);
    const entry = cell.banners.get(Number(banner)) ?? { id: Number(banner), impressions: 0, clicks: [] };
    cell.banners.set(Number(banner), entry);
    return entry;
  };
  for (const period of [1, 2, 3, 4]) {
    for (const [banner, campaign] of readRows(data, period, "impressions"))
      bannerOf(period, banner!, campaign!).impressions++;
    for (const [id, banner, campaign] of readRows(data, period, "clicks")) {
      const click: Click = { id: id!, conversions: [] };
      clicks.set(id!, click);
      bannerOf(period, banner!, campaign!).clicks.push(click);
    }
  }
  for (const period of [1, 2, 3, 4])
    for (const [, click, revenue] of readRows(data, period, "conversions"))
      clicks.get(click!)?.conversions.push({ arrived: period, micros: microsOf(revenue!) });
  return { cells: [...cells.values()], images: readdirSync(join(data, "banners")) };
}

function microsOf(revenue: string): bigint {
  const [whole, decimals = ""] = revenue.replace("-", "").split(".");
  const micros = BigInt(whole! + decimals.padEnd(6, "0"));
  return revenue.startsWith("-") ? -micros : micros;
}
