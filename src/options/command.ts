/** Runs a command: reads its options, prints its help, and ends with the exit code of what came of it. */
import { COMMON_OPTIONS, described, readOptions, written, type OptionTable, type OptionValues } from "./options.js";
import { printable, printableLines } from "./printable.js";

/** Its functions are methods, so that a command of any table is a `Command`. */
export interface Command<Table extends OptionTable = OptionTable> {
  readonly name: string;
  readonly summary: string;
  readonly options: Table;
  readonly notes?: string;
  /** Returns the exit code; none is 0. A UsageError that it throws is wrong usage, anything else a failure. */
  run(values: OptionValues<Table>): Promise<number | undefined> | number | undefined;
  /** The line for an error that `run` threw; its message where this is not given, or returns undefined. */
  explain?(error: unknown, values: OptionValues<Table>): string | undefined;
}

export function command<const Table extends OptionTable>(description: Command<Table>): Command<Table> {
  return description;
}

export function helpOf({ name, summary, options, notes }: Command): string {
  const lines = Object.entries({ ...options, ...COMMON_OPTIONS }).map(
    ([option, description]) => [written(option, description), described(description)] as const,
  );
  const width = Math.min(28, Math.max(...lines.map(([left]) => left.length)));
  const table = lines.map(([left, right]) =>
    left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}\n` : `  ${left.padEnd(width)}  ${right}\n`,
  );
  return `${summary}\n\nUsage: ${name} [options]\n${table.join("")}${notes === undefined ? "" : `\n${notes.trim()}\n`}`;
}

/** Runs a command and sets the exit code: 0 done, 1 failed, 2 wrong usage. An error is one line on standard error. */
export async function runCommand<Table extends OptionTable>(
  command: Command<Table>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  process.exitCode = await exitCodeOf(command, args);
}

async function exitCodeOf<Table extends OptionTable>(
  command: Command<Table>,
  args: readonly string[],
): Promise<number> {
  const debug = args.includes("--debug");
  let values: OptionValues<Table> | undefined;
  try {
    // Before the others are looked at, so that help is had whatever stands beside it.
    if (args.includes("--help")) {
      process.stdout.write(helpOf(command));
      return 0;
    }
    values = readOptions({ ...command.options, ...COMMON_OPTIONS }, args);
    return (await command.run(values)) ?? 0;
  } catch (error) {
    // By its name: a bundled command has a class of its own.
    const isUsage = error instanceof Error && error.name === "UsageError";
    const explained = values === undefined || isUsage ? undefined : command.explain?.(error, values);
    process.stderr.write(`${command.name}: ${printable(explained ?? messageOf(error))}\n`);
    if (debug)
      process.stderr.write(`${printableLines(error instanceof Error ? (error.stack ?? "") : String(error))}\n`);
    return isUsage ? 2 : 1;
  }
}

/** A message of the platform's may have more lines; the first says what is wrong. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A line break in a message of ours is one of a file's name.
  if (!isBug(error) && !("code" in error)) return error.message;
  const line = error.message.split("\n", 1)[0]!;
  return isBug(error) ? `unexpected error: ${line} (--debug shows where)` : line;
}

function isBug(error: Error): boolean {
  return [TypeError, ReferenceError, SyntaxError].some((kind) => error.constructor === kind) && !("code" in error);
}
