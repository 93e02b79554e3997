/** Reads and writes what the benchmark has measured: every round, and where, when and how it was measured. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "./environment.js";
import type { Round } from "./measure/rounds.js";
import type { Server } from "./measure/running-server.js";
import type { Durations, PartName, Plan } from "./plan.js";

export interface Comparison {
  readonly part: PartName;
  readonly servers: readonly Pick<Server, "name" | "label">[];
}

export function comparisonOf(part: PartName, servers: readonly Server[]): Comparison {
  return { part, servers: servers.map(({ name, label }) => ({ name, label })) };
}

export interface Group {
  readonly durations: Durations;
  /** Names of two servers that are the same, between which the noise is measured. */
  readonly reference: string;
  readonly again: string;
  readonly comparisons: readonly Comparison[];
  readonly rounds: readonly Round[];
}

export interface Results {
  readonly environment: Environment;
  readonly programs: Readonly<Record<string, string>>;
  readonly plan: Pick<Plan, "form" | "rounds" | "connections" | "levels" | "visits">;
  readonly absent: readonly { readonly label: string; readonly missing: readonly string[] }[];
  readonly error?: string;
  readonly groups: readonly Group[];
}

const FILE = "bench.json";

export async function writeResults(results: Results, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE), `${JSON.stringify(results, undefined, 2)}\n`);
}

export async function readResults(folder: string): Promise<Results> {
  const file = join(folder, FILE);
  try {
    return JSON.parse(await readFile(file, "utf8")) as Results;
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${file}: cannot be read as results: ${message}: measure first, with npm run bench`, {
      cause: error,
    });
  }
}
