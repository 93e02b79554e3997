/** Works out what the list of campaigns and the table of banners show, from the rows that the build was given. */
import { join } from "node:path";
import type { Inspection, InspectedCell } from "../../src/index/inspect.js";
import { billboardBeside } from "../src/billboard.js";
import { PERIODS, type LargestData, type Row } from "./largest-data.js";

export interface Figures {
  readonly impressions: number;
  readonly clicks: number;
  readonly conversions: number;
  readonly revenue: bigint;
}

export interface ExpectedCampaign extends Figures {
  readonly campaign: number;
  readonly name: string;
  /** Different ones. */
  readonly banners: ReadonlySet<number>;
  readonly cells: readonly (Pick<InspectedCell, "rule" | "x"> | undefined)[];
  readonly changed: boolean;
}

export type Value = number | bigint | string | undefined;

async function inspection(index: string): Promise<ReadonlyMap<string, InspectedCell>> {
  const { stdout } = await billboardBeside(["inspect", "--json", "--index", index]);
  const { cells } = JSON.parse(stdout) as Inspection;
  return new Map(cells.map((cell) => [`${cell.campaign} ${cell.period}`, cell]));
}

/** What it may show. */
function shownBy(cell: InspectedCell | undefined): string {
  if (cell === undefined) return "";
  return JSON.stringify([cell.rule, cell.collection.map(({ banner }) => banner).sort(), [...cell.pool].sort()]);
}

export function sumOf(rows: readonly Figures[]): Figures {
  const sum = (name: "impressions" | "clicks" | "conversions"): number => rows.reduce((all, row) => all + row[name], 0);
  return {
    impressions: sum("impressions"),
    clicks: sum("clicks"),
    conversions: sum("conversions"),
    revenue: rows.reduce((all, { revenue }) => all + revenue, 0n),
  };
}

/** The values of a column, by which rows are sorted; undefined comes last. */
export function valueOf(column: string, { impressions, clicks, conversions, revenue }: Figures): Value {
  const ratio = (over: number, under: number): number | undefined => (under === 0 ? undefined : over / under);
  switch (column) {
    case "impressions":
      return impressions;
    case "clicks":
      return clicks;
    case "conversions":
      return conversions;
    case "revenue":
    // Of one sum, which is above 0.
    case "share":
      return revenue;
    case "ctr":
      return ratio(clicks, impressions);
    case "conversion_rate":
      return ratio(conversions, clicks);
    case "revenue_per_click":
      return ratio(Number(revenue), clicks);
    case "revenue_per_mille":
      return ratio(Number(revenue), impressions);
    default:
      throw new Error(`There is no column ${column}`);
  }
}

type Compare = (a: string, b: string) => number;

/** The values in their order, from the greatest or the least on; what has none comes last in both. */
export function sortedValues(values: readonly Value[], direction: string, compare: Compare): Value[] {
  const sign = direction === "ascending" ? 1 : -1;
  const there = values.filter((value) => value !== undefined);
  there.sort((a, b) => {
    if (typeof a === "string" || typeof b === "string") return sign * compare(String(a), String(b));
    return a === b ? 0 : a < b ? -sign : sign;
  });
  return [...there, ...values.filter((value) => value === undefined)];
}

export class SecondComputation {
  readonly #data: LargestData;
  readonly #rows = new Map<number, Row[]>();
  readonly #now: ReadonlyMap<string, InspectedCell>;
  readonly #changed: ReadonlySet<number>;

  private constructor(
    data: LargestData,
    before: ReadonlyMap<string, InspectedCell>,
    now: ReadonlyMap<string, InspectedCell>,
  ) {
    this.#data = data;
    this.#now = now;
    for (const row of data.rows) {
      const rows = this.#rows.get(row.campaign) ?? [];
      rows.push(row);
      this.#rows.set(row.campaign, rows);
    }
    const all = [...new Set([...before.keys(), ...now.keys()])];
    const changed = all.filter((key) => shownBy(before.get(key)) !== shownBy(now.get(key)));
    this.#changed = new Set(changed.map((key) => Number(key.split(" ")[0])));
  }

  static async of(data: LargestData): Promise<SecondComputation> {
    const [before, now] = await Promise.all([
      inspection(join(data.out, "index.previous.bin")),
      inspection(join(data.out, "index.bin")),
    ]);
    return new SecondComputation(data, before, now);
  }

  rowsOf(campaign: number, period: number): readonly Row[] {
    return (this.#rows.get(campaign) ?? []).filter((row) => period === 0 || row.period === period);
  }

  cell(campaign: number, period: number): InspectedCell {
    return this.#now.get(`${campaign} ${period}`)!;
  }

  /** Those that are in it, in any order; of one period or, with 0, of all. */
  campaigns(period = 0): ExpectedCampaign[] {
    const periods = Array.from({ length: PERIODS }, (_, at) => at + 1);
    const ids = [...new Set([...this.#now.values()].map(({ campaign }) => campaign))];
    return ids.flatMap((campaign) => {
      const rows = this.rowsOf(campaign, period);
      const cells = periods.map((of) => this.#now.get(`${campaign} ${of}`));
      const shown = cells.filter((cell) => cell !== undefined && (period === 0 || cell.period === period));
      if (shown.length === 0) return [];
      const defaults = shown.flatMap((cell) => cell!.collection.map(({ banner }) => banner));
      return {
        campaign,
        name: this.#data.names.get(campaign) ?? "",
        ...sumOf(rows),
        cells,
        banners: new Set([...rows.map(({ banner }) => banner), ...defaults]),
        changed: this.#changed.has(campaign),
      };
    });
  }

  /** By first digits of an id, or a part of a name, or in any period a banner's id, or a part of its text or host. */
  matches({ campaign, name }: ExpectedCampaign, search: string): boolean {
    const has = (text: string): boolean => text.toLowerCase().includes(search.toLowerCase());
    const ofBanner = (banner: number): boolean => {
      const { alt = "", link = "" } = this.#data.texts.get(banner) ?? {};
      return String(banner) === search || has(alt) || (link !== "" && has(new URL(link).host));
    };
    const banners = new Set(this.rowsOf(campaign, 0).map(({ banner }) => banner));
    for (const period of Array(PERIODS).keys())
      for (const { banner } of this.#now.get(`${campaign} ${period + 1}`)?.collection ?? []) banners.add(banner);
    return String(campaign).startsWith(search) || has(name) || [...banners].some(ofBanner);
  }
}
