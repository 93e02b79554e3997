/** Reads the options of a command by its table, from which its help and `docs/cli.md` are made too. */
import { parseArgs } from "node:util";
import type { ValueKind } from "./values.js";

/** An option with a value. */
export interface ValueOption<Value> extends ValueKind<Value> {
  readonly help: string;
  /** Parsed where the option is not given; without it, the value is undefined then. */
  readonly default?: string | undefined;
  /** Stands for the default in the help and in documents, where it differs from machine to machine. */
  readonly shownDefault?: string | undefined;
}

/** An option without a value: true where it is given. */
export interface Flag {
  readonly help: string;
  readonly parse?: never;
}

/** By name, as behind the two dashes. */
export type OptionTable = Readonly<Record<string, ValueOption<unknown> | Flag>>;

/** What a table's options come to. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends ValueOption<infer Value>
    ? Table[Name] extends { readonly default: string }
      ? Value
      : Value | undefined
    : boolean;
};

/** Wrong usage of a command, said in one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What every command takes beside its own. */
export const COMMON_OPTIONS = {
  help: { help: "print this text" },
  debug: { help: "print the stack of an error too" },
} as const satisfies OptionTable;

/**
 * @param args what stands behind the command's name
 * @throws UsageError for an argument that the table does not have, or a value that is not allowed
 */
export function readOptions<Table extends OptionTable>(table: Table, args: readonly string[]): OptionValues<Table> {
  const given = parse(table, args);
  const values = Object.entries(table).map(([name, option]) => {
    const value = given[name];
    if (option.parse === undefined) return [name, value === true];
    const text = typeof value === "string" ? value : option.default;
    return [name, text === undefined ? undefined : valueOf(`--${name}`, option, text)];
  });
  return Object.fromEntries(values) as OptionValues<Table>;
}

/**
 * @param name as the user gave it: `--port` or `PORT`
 * @throws UsageError
 */
export function valueOf<Value>(name: string, { parse, allowed }: ValueKind<Value>, text: string): Value {
  const value = parse(text);
  if (value === undefined) throw new UsageError(`${name}: got ${JSON.stringify(text)}, expected ${allowed}`);
  return value;
}

function parse(table: OptionTable, args: readonly string[]): Readonly<Record<string, unknown>> {
  const types = Object.entries(table).map(([name, { parse }]) => [name, { type: parse ? "string" : "boolean" }]);
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(types) as Record<string, { type: "string" | "boolean" }>,
    }).values;
  } catch (error) {
    // It explains itself at length; the first line says what is wrong.
    throw new UsageError((error as Error).message.split("\n", 1)[0], { cause: error });
  }
}

/** An option as the user writes it: `--data DIR`. */
export function written(name: string, option: ValueOption<unknown> | Flag): string {
  return option.parse === undefined ? `--${name}` : `--${name} ${option.placeholder}`;
}

/** What an option does, and its default in brackets. */
export function described(option: ValueOption<unknown> | Flag): string {
  const fallback = option.parse === undefined ? undefined : (option.shownDefault ?? option.default);
  return fallback === undefined || fallback === "" ? option.help : `${option.help} (${fallback})`;
}
