/** A request to figures: the data made, built and parsed in turns, and taken away again. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { filesOf } from "./amounts.js";
import type { Arguments } from "./arguments.js";
import type { CountFindings, CountTask } from "./csv-parse-alone.js";
import { FASTEST_WAY } from "./csv-parse-ways.js";
import { Events } from "./events.js";
import { expectationOf, shortcomingsOf, type Expectation } from "./expectation.js";
import { figuresOf, type Figures, type Round } from "./figures.js";
import type { BuildFindings, BuildTask } from "./measured-build.js";
import { measure, type Measured } from "./measured-process.js";
import { bytesNeeded, requireRoom } from "./room.js";
import { writeEvents } from "./write-events.js";

export interface Surroundings {
  /** Ends the benchmark, which throws its reason. */
  readonly signal: AbortSignal;
  /** Is told what begins. */
  readonly tell: (what: string) => void;
}

/** @throws Error whose message is one line: no room, a build that failed, or one that found something else than was planted */
export async function runBench(request: Arguments, { signal, tell }: Surroundings): Promise<Figures> {
  const { amounts, seed, workers, parent, keep } = request;
  await requireRoom(parent, bytesNeeded(amounts));
  const folder = await mkdtemp(join(parent, "bench-build-"));
  try {
    const data = join(folder, "data");
    tell(`making the data in ${data}`);
    const events = new Events(amounts, seed);
    const bytes = await writeEvents(data, events, signal);
    const expectation = expectationOf(amounts, events.revenue);
    const rounds: Round[] = [];
    for (let round = 1; round <= request.rounds; round++) {
      const build = async (): Promise<Measured<BuildFindings>> => {
        tell(`round ${round} of ${request.rounds}: building`);
        return measureBuild({ data, out: join(folder, "index"), workers }, expectation, signal);
      };
      const csvParse = async (): Promise<Measured<CountFindings>> => {
        tell(`round ${round} of ${request.rounds}: csv-parse alone`);
        const files = filesOf(amounts.periods).map((file) => join(data, file));
        return measureCsvParse({ files, workers, way: FASTEST_WAY }, expectation, signal);
      };
      // Who comes first changes, so that neither is always the one that the machine was warm for.
      if (round % 2 === 1) rounds.push({ build: await build(), csvParse: await csvParse() });
      else rounds.push({ csvParse: await csvParse(), build: await build() });
    }
    return figuresOf({ amounts, seed, bytes, workers, expectation, rounds });
  } finally {
    if (!keep) await rm(folder, { recursive: true, force: true });
  }
}

async function measureBuild(
  task: BuildTask,
  expectation: Expectation,
  signal: AbortSignal,
): Promise<Measured<BuildFindings>> {
  const measured = await measure<BuildFindings>("measured-build", task, signal);
  const shortcomings = await shortcomingsOf(expectation, measured.findings, task.out);
  if (shortcomings.length > 0) throw new Error(`the build is not as planted: ${shortcomings.join("; ")}`);
  // An index beside the next one would be kept, and flushed to the disk, as the previous one.
  await rm(task.out, { recursive: true });
  return measured;
}

async function measureCsvParse(
  task: CountTask,
  { rows }: Expectation,
  signal: AbortSignal,
): Promise<Measured<CountFindings>> {
  const measured = await measure<CountFindings>("csv-parse-alone", task, signal);
  if (measured.findings.rows !== rows.read)
    throw new Error(`csv-parse alone is not as planted: got ${measured.findings.rows} rows, expected ${rows.read}`);
  return measured;
}
