/** The command line to a checked request for the benchmark: one table of options, from which the help is made too. */
import { parseArgs } from "node:util";
import { FULL, PARTS, QUICK, type PartName, type Plan } from "./plan.js";

export interface Arguments {
  readonly plan: Plan;
  /** Names of contenders; all where it is undefined. */
  readonly only: readonly string[] | undefined;
  /** The folder of the results. */
  readonly out: string;
  /** Whether to put the results that are there into the documents, and to measure nothing. */
  readonly writesDocs: boolean;
}

interface Option {
  readonly type: "string" | "boolean";
  /** What stands for the value in the help. */
  readonly value: string;
  readonly fallback?: string;
  readonly help: string;
}

const OPTIONS = {
  quick: { type: "boolean", value: "", help: "fewer rounds, seconds and parts: under 2 minutes" },
  rounds: { type: "string", value: "N", fallback: `${FULL.rounds}, quick ${QUICK.rounds}`, help: "1 to 100" },
  only: {
    type: "string",
    value: "NAMES",
    fallback: "all",
    help: "these contenders beside Billboard, with commas between them",
  },
  parts: {
    type: "string",
    value: "NAMES",
    fallback: `all, quick ${QUICK.parts.join()}`,
    help: "these parts, see below",
  },
  out: { type: "string", value: "DIR", fallback: "bench/results", help: "where the results are written" },
  "write-docs": {
    type: "boolean",
    value: "",
    help: "measure nothing: put the results into README.md and docs/performance.md",
  },
  help: { type: "boolean", value: "", help: "this text" },
} as const satisfies Record<string, Option>;

const MOST_ROUNDS = 100;

/**
 * @returns undefined where the help is asked for
 * @throws Error for wrong usage
 */
export function readArguments(args: readonly string[], names: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help === true) return undefined;
  const form = values.quick === true ? QUICK : FULL;
  const rounds = values.rounds ?? String(form.rounds);
  if (!/^[1-9]\d{0,2}$/.test(rounds) || Number(rounds) > MOST_ROUNDS)
    throw new Error(`--rounds: got ${JSON.stringify(rounds)}, expected a whole number from 1 to ${MOST_ROUNDS}`);
  return {
    plan: {
      ...form,
      rounds: Number(rounds),
      parts: values.parts === undefined ? form.parts : listOf("parts", values.parts, PARTS),
    },
    only: values.only === undefined ? undefined : listOf("only", values.only, names),
    out: values.out ?? OPTIONS.out.fallback,
    writesDocs: values["write-docs"] === true,
  };
}

/** In the order of `names`, each once. */
function listOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name[] {
  const wanted = text.split(",");
  const unknown = wanted.find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new Error(`--${option}: got ${JSON.stringify(unknown)}, expected some of ${names.join(", ")}`);
  return names.filter((name) => wanted.includes(name));
}

const ABOUT_PARTS: Readonly<Record<PartName, string>> = {
  "side-by-side": "Billboard and what a person would use instead",
  campaigns: `indexes of ${FULL.campaigns.map((count) => count.toLocaleString("en-US")).join(", ")} campaigns`,
  "random-places": "cells that draw 5 random places, against those that draw none",
  cookies: "cookie headers of 0, 1, 10 and 50 cookies",
  images: "images of 6 kB and 200 kB, against nginx",
};

export function usage(names: readonly string[]): string {
  return `Usage: npm run bench -- [options]
${(Object.entries(OPTIONS) as [string, Option][]).map(optionLine).join("")}
Parts:
${Object.entries(ABOUT_PARTS)
  .map(([name, what]) => `  ${name.padEnd(15)}${what}\n`)
  .join("")}
Contenders:
${names.map((name) => `  ${name}\n`).join("")}
Starts the servers on loopback, anew in each round, on one core, and drives them from another: all in turns of 50 ms, with wrk, as fast as
they answer, and then each alone with requests at fixed times, for its latency. Billboard is measured against itself as well, and where
others differ by no more than that, the tables say so. Prints them, and writes them to DIR with charts and with the figures of every round.
Exit code: 0 when done; 1 where a program is missing, a server failed or answered otherwise than Billboard; 2 for wrong usage.
`;
}

function optionLine([name, { value, fallback, help }]: [string, Option]): string {
  return `  ${`--${name} ${value}`.trim().padEnd(15)}${help}${fallback === undefined ? "" : ` (${fallback})`}\n`;
}
