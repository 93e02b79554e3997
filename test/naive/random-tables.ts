import fc from "fast-check";
import type { Kind } from "./naive-rows.js";

/** The rows of one kind in one period, in the order of its columns. */
export interface Table {
  readonly period: number;
  readonly kind: Kind;
  readonly rows: readonly (readonly string[])[];
}

export interface RandomTables {
  readonly periods: number;
  readonly tables: readonly Table[];
}

/** Where text order, signed 32 bits and numbers in the order of reading would each give another order. */
export const BANNERS = [...Array.from({ length: 21 }, (_, at) => at + 1), 100, 2147483647, 2147483648, 4294967295];
export const CAMPAIGNS = [2, 10, 4294967295];
export const LARGEST_ID = 4294967295;

/** Few, so that banners tie; refunds, a sum of zero, and two that no double tells apart. */
export const REVENUES = ["1", "1.50", "1.5", "2.518264", "0.000001", "0", "-1.5", "-0.000001"].concat([
  "100000000000.000001",
  "100000000000",
]);

interface RandomConversion {
  readonly click: number;
  readonly revenue: string;
  /** The period whose file brings it, where that is not the period of its click. */
  readonly broughtBy: number | undefined;
  readonly order: number;
}

interface RandomBanner {
  readonly views: readonly number[];
  readonly clicks: readonly number[];
  readonly conversions: readonly RandomConversion[];
}

interface RandomCell {
  readonly period: number;
  readonly campaign: number;
  readonly ids: readonly number[];
  readonly banners: readonly RandomBanner[];
}

/** Rows stand in their file in this order, so that no id follows the order of reading. */
const order = fc.nat(1000);

const times = <T>(item: fc.Arbitrary<T>, least: number, most: number): fc.Arbitrary<T[]> =>
  fc.array(item, { minLength: least, maxLength: most, size: "max" });

const conversion: fc.Arbitrary<RandomConversion> = fc.record({
  click: fc.nat(2),
  revenue: fc.constantFrom(...REVENUES),
  broughtBy: fc.option(fc.nat(3), { freq: 3, nil: undefined }),
  order,
});

const seenBanner: fc.Arbitrary<RandomBanner> = fc.record({
  views: times(order, 1, 3),
  clicks: fc.constant([]),
  conversions: fc.constant([]),
});
const clickedBanner: fc.Arbitrary<RandomBanner> = fc.record({
  views: times(order, 0, 3),
  clicks: times(order, 1, 3),
  conversions: fc.constant([]),
});
const convertingBanner: fc.Arbitrary<RandomBanner> = fc.record({
  views: times(order, 0, 3),
  clicks: times(order, 1, 3),
  conversions: times(conversion, 1, 3),
});

/** The edges of the rules, each often: 0 and 1, 4 and 5, 9 and 10 and 11. */
const howManyConvert = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12);

const bannersOfCell = howManyConvert.chain((x) =>
  fc
    .tuple(times(convertingBanner, x, x), times(clickedBanner, 0, x < 5 ? 5 : 3), times(seenBanner, 0, 7))
    .map((parts) => parts.flat()),
);

const cellIn = (periods: number): fc.Arbitrary<RandomCell> =>
  fc.record({
    period: fc.integer({ min: 1, max: periods }),
    campaign: fc.constantFrom(...CAMPAIGNS),
    ids: fc.shuffledSubarray(BANNERS, { minLength: BANNERS.length, maxLength: BANNERS.length }),
    banners: bannersOfCell,
  });

interface OrderedRow {
  readonly row: readonly string[];
  readonly order: number;
}

function tablesOf(periods: number, cells: readonly RandomCell[]): RandomTables {
  const rows: Record<Kind, OrderedRow[][]> = { impressions: [], clicks: [], conversions: [] };
  for (const ofKind of Object.values(rows)) for (let at = 0; at < periods; at++) ofKind.push([]);
  let made = 0;
  /** From both ends of the range in turn. */
  const nextId = (): string => {
    made++;
    return String(made % 2 === 0 ? LARGEST_ID + 1 - made : made);
  };
  const add = (kind: Kind, period: number, order: number, ...values: (string | number)[]): void => {
    rows[kind][period - 1]!.push({ row: values.map(String), order });
  };
  for (const { period, campaign, ids, banners } of cells)
    banners.forEach(({ views, clicks, conversions }, at) => {
      const banner = ids[at]!;
      for (const order of views) add("impressions", period, order, banner, campaign);
      const clickIds = clicks.map((order) => {
        const id = nextId();
        add("clicks", period, order, id, banner, campaign);
        return id;
      });
      for (const { click, revenue, broughtBy, order } of conversions) {
        const file = broughtBy === undefined ? period : (broughtBy % periods) + 1;
        add("conversions", file, order, nextId(), clickIds[click % clickIds.length]!, revenue);
      }
    });
  const tables = (["impressions", "clicks", "conversions"] as const).flatMap((kind) =>
    rows[kind].map((ofPeriod, at) => ({
      kind,
      period: at + 1,
      rows: ofPeriod.toSorted((a, b) => a.order - b.order).map(({ row }) => row),
    })),
  );
  return { periods, tables };
}

/** A table of each kind for each period, without a fault, and with every rule of the collection. */
export const randomTables: fc.Arbitrary<RandomTables> = fc.constantFrom(1, 2, 4, 4).chain((periods) => {
  const cells = fc.uniqueArray(cellIn(periods), {
    minLength: 1,
    maxLength: Math.min(5, periods * CAMPAIGNS.length),
    selector: ({ period, campaign }) => `${period},${campaign}`,
    size: "max",
  });
  return cells.map((chosen) => tablesOf(periods, chosen));
});
