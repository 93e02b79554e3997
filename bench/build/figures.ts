/** Rounds to the figures of a benchmark. */
import { availableParallelism, cpus, totalmem } from "node:os";
import type { Stage } from "../../build/stages.js";
import { spreadOf, type Spread } from "../spread.js";
import type { Amounts } from "./amounts.js";
import type { Expectation } from "./expectation.js";
import type { BuildFindings } from "./measured-build.js";
import type { Measured } from "./measured-process.js";

/** One build, and csv-parse alone with the same files. */
export interface Round {
  readonly build: Measured<BuildFindings>;
  readonly csvParse: Measured<unknown>;
}

/** Over the rounds. */
export interface ProcessFigures {
  readonly seconds: Spread;
  readonly rows_per_second: Spread;
  readonly processor_seconds: Spread;
  readonly peak_memory_bytes: Spread;
}

/** What `--json` writes. */
export interface Figures {
  readonly data: Amounts & { readonly seed: number; readonly rows: number; readonly bytes: number };
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memory_bytes: number;
    readonly node: string;
  };
  readonly workers: number;
  readonly rounds: number;
  readonly build: ProcessFigures & { readonly stage_seconds: Readonly<Partial<Record<Stage, Spread>>> };
  readonly csv_parse_alone: ProcessFigures;
  /** A build's time by that of csv-parse alone in the same round. */
  readonly ratio: { readonly seconds: Spread; readonly processor_seconds: Spread };
  /** What every build found, which is what was planted. */
  readonly found: Expectation & Pick<BuildFindings, "cells" | "generation"> & { readonly index_bytes: number };
}

export interface Run {
  readonly amounts: Amounts;
  readonly seed: number;
  readonly bytes: number;
  readonly workers: number;
  readonly expectation: Expectation;
  /** At least one. */
  readonly rounds: readonly Round[];
}

export function figuresOf({ amounts, seed, bytes, workers, expectation, rounds }: Run): Figures {
  const rows = expectation.rows.read;
  const { stages, cells, generation, indexBytes } = rounds[0]!.build.findings;
  const ratio = (time: (process: Measured<unknown>) => number): Spread =>
    spreadOf(rounds.map(({ build, csvParse }) => time(build) / time(csvParse)));
  const stageSpreads = (Object.keys(stages) as Stage[]).map((stage) => [
    stage,
    spreadOf(rounds.map(({ build }) => (build.findings.stages[stage] ?? 0) / 1000)),
  ]);
  return {
    data: { ...amounts, seed, rows, bytes },
    machine: {
      processor: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memory_bytes: totalmem(),
      node: process.version,
    },
    workers,
    rounds: rounds.length,
    build: {
      ...processFigures(
        rounds.map(({ build }) => build, rows),
        rows,
      ),
      stage_seconds: Object.fromEntries(stageSpreads) as Partial<Record<Stage, Spread>>,
    },
    csv_parse_alone: processFigures(
      rounds.map(({ csvParse }) => csvParse),
      rows,
    ),
    ratio: {
      seconds: ratio(({ seconds }) => seconds),
      processor_seconds: ratio(({ processorTime }) => processorTime),
    },
    found: { ...expectation, cells, generation, index_bytes: indexBytes },
  };
}

function processFigures(processes: readonly Measured<unknown>[], rows: number): ProcessFigures {
  return {
    seconds: spreadOf(processes.map(({ seconds }) => seconds)),
    rows_per_second: spreadOf(processes.map(({ seconds }) => rows / seconds)),
    processor_seconds: spreadOf(processes.map(({ processorTime }) => processorTime)),
    peak_memory_bytes: spreadOf(processes.map(({ peakMemory }) => peakMemory)),
  };
}
