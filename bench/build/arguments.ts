/** The command line to a checked request for a benchmark: one table of options, from which the help is made too. */
import { availableParallelism, tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { EVENT_KINDS, type Amounts } from "./amounts.js";

export interface Arguments {
  readonly amounts: Amounts;
  readonly seed: number;
  readonly workers: number;
  readonly rounds: number;
  /** The folder that the data's own folder is made in. */
  readonly parent: string;
  readonly keep: boolean;
  /** Whether to compare the ways of csv-parse, and not to build. */
  readonly ways: boolean;
  readonly json: string | undefined;
}

interface Option {
  readonly type: "string" | "boolean";
  /** What stands for the value in the help. */
  readonly value: string;
  /** What is taken where the option is not given. */
  readonly fallback?: string;
  /** What the help says of that, where it is not the same everywhere. */
  readonly usual?: string;
  readonly help: string;
}

const OPTIONS = {
  clicks: { type: "string", value: "N", fallback: "2000000", help: "rows of clicks" },
  impressions: { type: "string", value: "M", fallback: "10000000", help: "rows of impressions" },
  conversions: { type: "string", value: "K", fallback: "200000", help: "rows of conversions" },
  periods: { type: "string", value: "P", fallback: "4", help: "a file of each kind in each" },
  campaigns: { type: "string", value: "N", fallback: "200", help: "a few of them have most of the events" },
  banners: { type: "string", value: "N", fallback: "50", help: "of each campaign, which shares half with the next" },
  seed: { type: "string", value: "N", fallback: "1", help: "the same seed makes the same data" },
  workers: { type: "string", value: "N", usual: "one a core", help: "threads that read, 1 to 64" },
  rounds: { type: "string", value: "N", fallback: "3", help: "builds, in turns with csv-parse alone" },
  dir: { type: "string", value: "DIR", usual: "the system's", help: "where the data's folder is made" },
  keep: { type: "boolean", value: "", help: "leave the data there" },
  ways: { type: "boolean", value: "", help: "build nothing: compare the ways of using csv-parse" },
  json: { type: "string", value: "FILE", help: "write the figures there too" },
  help: { type: "boolean", value: "", help: "this text" },
} as const satisfies Record<string, Option>;

type OptionName = keyof typeof OPTIONS;
type Values = Readonly<Partial<Record<OptionName, string | boolean>>>;

/** Whole numbers: the least and the most of each. */
const LIMITS = {
  clicks: [1, 1_000_000_000],
  impressions: [1, 4_000_000_000],
  conversions: [1, 1_000_000_000],
  periods: [1, 60],
  campaigns: [1, 10_000],
  banners: [2, 1_000],
  seed: [1, 4_294_967_295],
  workers: [1, 64],
  rounds: [1, 100],
} as const satisfies Partial<Record<OptionName, readonly [number, number]>>;

/**
 * @returns undefined where the help is asked for
 * @throws Error for wrong usage
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const values: Values = parseArgs({ args: [...args], options: OPTIONS }).values;
  if (values.help === true) return undefined;
  return {
    amounts: readAmounts(values),
    seed: readNumber(values, "seed"),
    workers: readNumber(values, "workers", String(Math.min(availableParallelism(), LIMITS.workers[1]))),
    rounds: readNumber(values, "rounds"),
    parent: given(values, "dir") ?? tmpdir(),
    keep: values.keep === true,
    ways: values.ways === true,
    json: given(values, "json"),
  };
}

function readAmounts(values: Values): Amounts {
  const amounts = {
    clicks: readNumber(values, "clicks"),
    impressions: readNumber(values, "impressions"),
    conversions: readNumber(values, "conversions"),
    periods: readNumber(values, "periods"),
    campaigns: readNumber(values, "campaigns"),
    banners: readNumber(values, "banners"),
  };
  if (60 % amounts.periods !== 0) throw wrong("periods", String(amounts.periods), "a number that divides 60");
  for (const kind of EVENT_KINDS)
    if (amounts[kind] < amounts.periods)
      throw wrong(kind, String(amounts[kind]), `one for each of the ${amounts.periods} periods at least`);
  return amounts;
}

export function usage(): string {
  return `Usage: npm run bench-build -- [options]
${(Object.entries(OPTIONS) as [string, Option][]).map(optionLine).join("")}
Makes data, builds its index in a process of its own, and holds every build against what was planted: in every thousand
clicks a duplicate and a conflict, in every thousand conversions an orphan too. In turns with it csv-parse alone, as fast
as it goes, counts the rows of the same files on as many threads. The large data set is ten times that of the defaults.
Exit code: 0 where all went well; 1 where a build was wrong or failed, or the disk has no room; 2 for wrong usage.
`;
}

function optionLine([name, { value, fallback, usual = fallback, help }]: [string, Option]): string {
  return `  ${`--${name} ${value}`.trim().padEnd(19)}${help}${usual === undefined ? "" : ` (${usual})`}\n`;
}

function given(values: Values, name: OptionName): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

function wrong(name: OptionName, got: string, expected: string): Error {
  return new Error(`--${name}: got ${JSON.stringify(got)}, expected ${expected}`);
}

function readNumber(values: Values, name: keyof typeof LIMITS, usual?: string): number {
  const option: Option = OPTIONS[name];
  const text = given(values, name) ?? usual ?? option.fallback!;
  const [least, most] = LIMITS[name];
  if (!/^(0|[1-9]\d{0,9})$/.test(text) || Number(text) < least || Number(text) > most)
    throw wrong(name, text, `a whole number from ${least} to ${most}`);
  return Number(text);
}
