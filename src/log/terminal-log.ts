/** Has the log for people show what others wrote so that it acts on no terminal. */
import { stdSerializers, type LoggerOptions } from "pino";
import { printable, printableLines } from "../options/printable.js";

/** Options of pino. As JSON, the log needs none: JSON escapes. */
export const TERMINAL_LOG: LoggerOptions = {
  formatters: { log: (fields) => printableFields(fields) },
  serializers: { err: serializeError },
  hooks: {
    logMethod(args, method) {
      method.apply(this, args.map((arg: unknown) => (typeof arg === "string" ? printable(arg) : arg)) as typeof args);
    },
  },
};

function printableFields<Fields extends object>(fields: Fields): Fields {
  const shown = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    printable(name),
    typeof value === "string" ? printable(value) : value,
  ]);
  return Object.fromEntries(shown) as Fields;
}

/** The stack begins with the message; the line breaks behind that are its own. */
function serializeError(error: Error): object {
  const { message, stack, ...fields } = stdSerializers.err(error);
  const shown = printable(message);
  return { ...printableFields(fields), message: shown, stack: printableLines(stack.replace(message, () => shown)) };
}
