/** Data to figures: built and parsed in turns, and every build held against what was planted. */
import { rm } from "node:fs/promises";
import type { Arguments } from "./arguments.js";
import { shortcomingsOf } from "./expectation.js";
import { figuresOf, type Figures, type Round } from "./figures.js";
import { measureCsvParse } from "./measure-csv-parse.js";
import type { BuildFindings, BuildTask } from "./measured-build.js";
import { measure, type Measured } from "./measured-process.js";
import type { Data, Surroundings } from "./with-data.js";

/** @throws Error whose message is one line for a build that failed, or that found something else than was planted */
export async function runBench(
  data: Data,
  { amounts, seed, workers, rounds: count }: Arguments,
  { signal, tell }: Surroundings,
): Promise<Figures> {
  const rounds: Round[] = [];
  for (let round = 1; round <= count; round++) {
    const build = (): Promise<Measured<BuildFindings>> => {
      tell(`round ${round} of ${count}: building`);
      return measureBuild(data, workers, signal);
    };
    const csvParse = (): Promise<Measured<unknown>> => {
      tell(`round ${round} of ${count}: csv-parse alone`);
      return measureCsvParse(data, workers, signal);
    };
    // Who comes first changes, so that neither is always the one that the machine was warm for.
    if (round % 2 === 1) rounds.push({ build: await build(), csvParse: await csvParse() });
    else rounds.push({ csvParse: await csvParse(), build: await build() });
  }
  const { bytes, expectation } = data;
  return figuresOf({ amounts, seed, bytes, workers, expectation, rounds });
}

async function measureBuild(
  { data, out, expectation }: Data,
  workers: number,
  signal: AbortSignal,
): Promise<Measured<BuildFindings>> {
  const measured = await measure<BuildFindings>("measured-build", { data, out, workers } satisfies BuildTask, signal);
  const shortcomings = await shortcomingsOf(expectation, measured.findings, out);
  if (shortcomings.length > 0) throw new Error(`the build is not as planted: ${shortcomings.join("; ")}`);
  // The next build would keep it as the previous one, which is more to write.
  await rm(out, { recursive: true });
  return measured;
}
