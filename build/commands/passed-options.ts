/** Passes options of one command on to another: checked as there, and handed over as they were given. */
import type { Flag, OptionTable, ValueOption } from "../../src/options/options.js";

/** Their values are the words that were given. */
type Passed<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends ValueOption<unknown>
    ? Omit<Table[Name], "parse"> & Pick<ValueOption<string>, "parse">
    : Flag;
};

export function passed<Table extends OptionTable>(table: Table): Passed<Table> {
  const options = Object.entries(table).map(([name, option]) => [name, asGiven(option)]);
  return Object.fromEntries(options) as Passed<Table>;
}

function asGiven(option: ValueOption<unknown> | Flag): ValueOption<unknown> | Flag {
  if (option.parse === undefined) return option;
  const { parse } = option;
  return { ...option, parse: (text: string) => (parse(text) === undefined ? undefined : text) };
}

/** The options of the table as words; a value that begins with a hyphen stays one. */
export function wordsOf(table: OptionTable, values: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(table).flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === false) return [];
    if (value === true) return [`--${name}`];
    return (Array.isArray(value) ? (value as string[]) : [value as string]).map((text) => `--${name}=${text}`);
  });
}
