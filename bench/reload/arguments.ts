/** The command line to a checked request for the benchmark of a reload. */
import { parseArgs } from "node:util";

export interface Arguments {
  /** In each of the two indexes. */
  readonly campaigns: number;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
  /** The folder of the results. */
  readonly out: string;
}

const NUMBERS = {
  campaigns: { fallback: 1_000_000, least: 1, most: 4_000_000, help: "campaigns in each of the two indexes" },
  rate: { fallback: 10_000, least: 1, most: 100_000, help: "requests a second" },
  seconds: { fallback: 30, least: 3, most: 600, help: "how long to send them; the reload begins at a third of it" },
} as const;

type NumberName = keyof typeof NUMBERS;

const OUT = "bench/results";

/**
 * @returns undefined where the help is asked for
 * @throws Error for wrong usage
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      campaigns: { type: "string" },
      rate: { type: "string" },
      seconds: { type: "string" },
      out: { type: "string", default: OUT },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const number = (name: NumberName): number => {
    const { fallback, least, most } = NUMBERS[name];
    const text = values[name] ?? String(fallback);
    if (!/^[1-9]\d{0,6}$/.test(text) || Number(text) < least || Number(text) > most)
      throw new Error(`--${name}: got ${JSON.stringify(text)}, expected a whole number from ${least} to ${most}`);
    return Number(text);
  };
  return { campaigns: number("campaigns"), rate: number("rate"), seconds: number("seconds"), out: values.out };
}

export function usage(): string {
  const numbers = Object.entries(NUMBERS).map(
    ([name, { help, fallback }]) => `  ${`--${name} N`.padEnd(16)}${help} (${fallback})\n`,
  );
  return `Usage: npm run bench-reload -- [options]
${numbers.join("")}  --out DIR       where the results are written (${OUT})
  --help          this text

Makes two large indexes, serves the first with one worker on one core, and sends requests at fixed times from another
core, for all campaigns at random, while the second index is taken up. Prints the latency second by second, and writes it there
with a chart.
Exit code: 0 where every request was answered and the index was taken up, 1 where not, 2 for wrong usage.
`;
}
