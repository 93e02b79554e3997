/** Writes what came of simulated campaigns as a table, each figure with its spread over the seeds. */
import { markdownTable, type Column } from "../report/format.js";
import { simulate, type Outcome, type Plan, type Variant } from "./simulate.js";

export interface Row extends Variant {
  readonly outcomes: readonly Outcome[];
}

const WINDOWS = [Infinity, 7];
const EXPLORATIONS = [0, 0.05, 0.1, 0.2];

const COLUMNS: readonly Column<Row>[] = [
  { heading: "events of", of: ({ window }) => (window === Infinity ? "all days" : `the last ${window} days`) },
  { heading: "`--explore`", isNumber: true, of: ({ exploration }) => String(exploration) },
  {
    heading: "of the best ten in",
    isNumber: true,
    of: ({ outcomes }) =>
      spread(
        outcomes.map(({ best }) => best),
        1,
      ),
  },
  {
    heading: "revenue",
    isNumber: true,
    of: ({ outcomes }) =>
      spread(
        outcomes.map(({ revenue }) => Number(revenue) / 1e6),
        0,
      ),
  },
];

/** @param seeds how many */
export function runVariants(plan: Plan, seeds: number, seed: string): Row[] {
  const variants = WINDOWS.flatMap((window) => EXPLORATIONS.map((exploration) => ({ window, exploration })));
  return variants.map((variant) => ({
    ...variant,
    outcomes: Array.from({ length: seeds }, (_, at) => simulate(plan, variant, `${seed} ${at + 1}`)),
  }));
}

export function tableOf(rows: readonly Row[]): string {
  return markdownTable(COLUMNS, rows);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The mean, and the standard deviation of the sample. */
function spread(values: readonly number[], decimals: number): string {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
  const text = (value: number): string =>
    value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${text(mean)} ± ${text(deviation)}`;
}
