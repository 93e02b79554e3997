/** What the benchmark has measured, as it is kept: every round, and where, when and how it was measured. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "./environment.js";
import type { Durations, PartName, Plan } from "./plan.js";
import type { Measured } from "./rounds.js";

/** Arms that are told of together; the first is what the others are held against. */
export interface Comparison {
  readonly part: PartName;
  readonly arms: readonly { readonly name: string; readonly label: string }[];
}

/** Arms that were measured in the same rounds. */
export interface Group extends Measured {
  readonly durations: Durations;
  /** The names of two arms that are the same: the noise is what lies between them. */
  readonly reference: string;
  readonly again: string;
  readonly comparisons: readonly Comparison[];
}

/** A contender that could not be measured here. */
export interface Absent {
  readonly label: string;
  /** The programs that are not installed. */
  readonly missing: readonly string[];
}

export interface Results {
  readonly environment: Environment;
  /** The version of each that was used, by name. */
  readonly programs: Readonly<Record<string, string>>;
  readonly plan: Pick<Plan, "form" | "rounds" | "connections" | "levels" | "visits">;
  readonly absent: readonly Absent[];
  readonly groups: readonly Group[];
}

const FILE = "bench.json";

export async function writeResults(results: Results, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE), `${JSON.stringify(results, undefined, 2)}\n`);
}

/** @throws Error whose message is one line where there are none */
export async function readResults(folder: string): Promise<Results> {
  const file = join(folder, FILE);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Results;
  } catch (error) {
    throw new Error(
      `${file}: cannot be read as results: ${(error as Error).message}: measure first, with npm run bench`,
      {
        cause: error,
      },
    );
  }
}
