/** The command line of `npm run soak` to what it asks for. */
import { parseArgs } from "node:util";

export interface Arguments {
  readonly requests: number;
  readonly reloads: number;
  readonly connections: number;
  /** A data folder. */
  readonly data: string;
}

const NUMBERS = {
  requests: { help: "requests in all", fallback: 3_000_000 },
  reloads: { help: "reloads in all, each of another index than the one before", fallback: 200 },
  connections: { help: "visitors at a time", fallback: 64 },
} as const;
type NumberName = keyof typeof NUMBERS;
const DATA = "data";

/** undefined where help is asked for. Throws for wrong usage. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string" },
      reloads: { type: "string" },
      connections: { type: "string" },
      data: { type: "string", default: DATA },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const number = (name: NumberName, least: number): number => {
    const text = values[name] ?? String(NUMBERS[name].fallback);
    if (!/^\d{1,9}$/.test(text) || Number(text) < least)
      throw new Error(`--${name}: got ${JSON.stringify(text)}, expected a whole number from ${least} on`);
    return Number(text);
  };
  // Ten parts of the run are told apart, and each reload has requests of its own.
  const reloads = number("reloads", 10);
  const connections = number("connections", 1);
  return { requests: number("requests", reloads * connections), reloads, connections, data: values.data };
}

export function usage(): string {
  const line = (option: string, help: string, fallback: string): string =>
    `  ${option.padEnd(17)}${help} (${fallback})\n`;
  const numbers = Object.entries(NUMBERS).map(([name, { help, fallback }]) =>
    line(`--${name} N`, help, String(fallback)),
  );
  return `Usage: npm run soak -- [options]
${numbers.join("")}${line("--data DIR", "the data of the indexes", DATA)}  --help           this text

Starts a server of its own on free ports, with settings such as WORKERS from the environment, and sends it visitors whose
every answer is judged, while it takes up one index and the other in turn. Resident memory at the end may be a tenth more
than after the first tenth of the run.
Exit code: 0 where every request and reload went well and memory stayed, 1 where not, 2 for wrong usage.
`;
}
