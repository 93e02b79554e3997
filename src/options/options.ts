/** Reads the options of a command by its table, from which its help and `docs/cli.md` are made too. */
import { parseArgs } from "node:util";
import type { ValueKind } from "./values.js";

export interface ValueOption<Value> extends ValueKind<Value> {
  readonly help: string;
  /** Parsed where the option is not given; without it, the value is undefined then. */
  readonly default?: string | undefined;
  /** Stands for the default in the help and in documents, where it differs from machine to machine. */
  readonly shownDefault?: string | undefined;
  /** May be given several times; the value is all of them, in their order. */
  readonly repeated?: true;
}

export interface Flag {
  readonly help: string;
  readonly parse?: never;
}

export type OptionTable = Readonly<Record<string, ValueOption<unknown> | Flag>>;

export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends ValueOption<infer Value>
    ? Table[Name] extends { readonly repeated: true }
      ? readonly Value[]
      : Table[Name] extends { readonly default: string }
        ? Value
        : Value | undefined
    : boolean;
};

export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const COMMON_OPTIONS = {
  help: { help: "print this text" },
  debug: { help: "print the stack of an error too" },
} as const satisfies OptionTable;

/** @throws UsageError for an argument that the table does not have, or a value that is not allowed */
export function readOptions<Table extends OptionTable>(table: Table, args: readonly string[]): OptionValues<Table> {
  const given = parse(table, args);
  const values = Object.entries(table).map(([name, option]) => {
    const value = given[name];
    if (option.parse === undefined) return [name, value === true];
    if (option.repeated) return [name, ((value ?? []) as string[]).map((text) => valueOf(`--${name}`, option, text))];
    const text = typeof value === "string" ? value : option.default;
    return [name, text === undefined ? undefined : valueOf(`--${name}`, option, text)];
  });
  return Object.fromEntries(values) as OptionValues<Table>;
}

/** `name` is what the user gave: `--port` or `PORT`. @throws UsageError */
export function valueOf<Value>(name: string, { parse, allowed }: ValueKind<Value>, text: string): Value {
  const value = parse(text);
  if (value === undefined) throw new UsageError(`${name}: got ${JSON.stringify(text)}, expected ${allowed}`);
  return value;
}

interface OptionType {
  readonly type: "string" | "boolean";
  readonly multiple: boolean;
}

function parse(table: OptionTable, args: readonly string[]): Readonly<Record<string, unknown>> {
  const types = Object.entries(table).map(([name, option]): [string, OptionType] => [
    name,
    { type: option.parse ? "string" : "boolean", multiple: option.parse !== undefined && option.repeated === true },
  ]);
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries(types),
    }).values;
  } catch (error) {
    // It explains itself at length; the first line says what is wrong.
    throw new UsageError((error as Error).message.split("\n", 1)[0], { cause: error });
  }
}

export function written(name: string, option: ValueOption<unknown> | Flag): string {
  return option.parse === undefined ? `--${name}` : `--${name} ${option.placeholder}`;
}

export function described(option: ValueOption<unknown> | Flag): string {
  if (option.parse === undefined) return option.help;
  const fallback = option.repeated ? "may be repeated" : (option.shownDefault ?? option.default);
  return fallback === undefined || fallback === "" ? option.help : `${option.help} (${fallback})`;
}
