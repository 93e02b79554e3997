/** Files to the time that csv-parse alone needs for them, in one way or in each. */
import type { CountFindings, CountTask } from "./csv-parse-alone.js";
import { FASTEST_WAY, WAYS, type Way } from "./csv-parse-ways.js";
import { spreadOf } from "../spread.js";
import { measure, type Measured } from "./measured-process.js";
import { spread } from "./summary.js";
import type { Data, Surroundings } from "./with-data.js";

/** @throws Error where it does not count the rows that were made */
export async function measureCsvParse(
  { files, expectation }: Data,
  workers: number,
  signal: AbortSignal,
  way: Way = FASTEST_WAY,
): Promise<Measured<CountFindings>> {
  const task: CountTask = { files, workers, way };
  const measured = await measure<CountFindings>("csv-parse-alone", task, signal);
  const { rows } = measured.findings;
  if (rows !== expectation.rows.read)
    throw new Error(`csv-parse (${way}) is not as planted: got ${rows} rows, expected ${expectation.rows.read}`);
  return measured;
}

/** All ways in turns, round by round. @returns a line for each, with its line ending */
export async function compareWays(
  data: Data,
  { workers, rounds }: { readonly workers: number; readonly rounds: number },
  { signal, tell }: Surroundings,
): Promise<string> {
  const ways = Object.keys(WAYS) as Way[];
  const measured = new Map<Way, Measured<CountFindings>[]>(ways.map((way) => [way, []]));
  for (let round = 1; round <= rounds; round++)
    for (const way of ways) {
      tell(`round ${round} of ${rounds}: csv-parse, ${way}`);
      measured.get(way)!.push(await measureCsvParse(data, workers, signal, way));
    }
  const seconds = (value: number): string => `${value.toFixed(2)} s`;
  return [...measured]
    .map(([way, each]) => {
      const time = spread(spreadOf(each.map(({ seconds }) => seconds)), seconds);
      const processor = spread(spreadOf(each.map(({ processorTime }) => processorTime)), seconds);
      return `${way.padEnd(44)}${time.padEnd(28)}processor ${processor}\n`;
    })
    .join("");
}
