/** The command line to a checked request for a benchmark: one table of options, from which the help is made too. */
import { parseArgs } from "node:util";

export interface Arguments {
  readonly campaigns: number;
  readonly periods: number;
  /** In each cell. */
  readonly banners: number;
  /** Fresh processes that load the index. */
  readonly runs: number;
  /** Of look-ups, each in both indexes. */
  readonly rounds: number;
  /** A data folder that the other index is built from. */
  readonly sample: string;
}

const NUMBERS = {
  campaigns: { fallback: 1_000_000, most: 4_000_000, help: "campaigns in the large index" },
  periods: { fallback: 4, most: 60, help: "periods of the hour, each with a cell of every campaign; divides 60" },
  banners: { fallback: 10, most: 1000, help: "banners in each cell" },
  runs: { fallback: 5, most: 100, help: "times to load it, each in a fresh process" },
  rounds: { fallback: 25, most: 1000, help: "rounds of look-ups, each in both indexes" },
} as const;

type NumberName = keyof typeof NUMBERS;

const SAMPLE = "data";

/**
 * @returns undefined where the help is asked for
 * @throws Error for wrong usage
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      campaigns: { type: "string" },
      periods: { type: "string" },
      banners: { type: "string" },
      runs: { type: "string" },
      rounds: { type: "string" },
      sample: { type: "string", default: SAMPLE },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const number = (name: NumberName): number => {
    const { fallback, most } = NUMBERS[name];
    const text = values[name] ?? String(fallback);
    if (!/^[1-9]\d{0,6}$/.test(text) || Number(text) > most)
      throw new Error(`--${name}: got ${JSON.stringify(text)}, expected a whole number from 1 to ${most}`);
    return Number(text);
  };
  const periods = number("periods");
  if (60 % periods !== 0) throw new Error(`--periods: got "${periods}", expected a number that divides 60`);
  return {
    campaigns: number("campaigns"),
    periods,
    banners: number("banners"),
    runs: number("runs"),
    rounds: number("rounds"),
    sample: values.sample,
  };
}

export function usage(): string {
  const line = (option: string, help: string, fallback: string): string =>
    `  ${option.padEnd(16)}${help} (${fallback})\n`;
  const numbers = Object.entries(NUMBERS).map(([name, { help, fallback }]) =>
    line(`--${name} N`, help, String(fallback)),
  );
  return `Usage: npm run bench-index -- [options]
${numbers.join("")}${line("--sample DIR", "the data of the index that it is held against", SAMPLE)}  --help          this text

Makes a large index of invented events, the same at every run, in a folder for temporary files that is removed at the
end; says how long it takes to compile, to write and to load and check it, and what a look-up costs in it.
Exit code: 0 when done, 1 where something failed, 2 for wrong usage.
`;
}
