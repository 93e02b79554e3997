/** Drives a running server and judges every answer. */
import { writeFile } from "node:fs/promises";
import { command } from "../../src/options/command.js";
import { UsageError } from "../../src/options/options.js";
import { NOTES, readArguments, TABLE, type Arguments } from "./arguments.js";
import { systemClock } from "./clock.js";
import { readExpectation } from "./expectation.js";
import { showProgress } from "./progress.js";
import { runLoadTest } from "./run-load-test.js";
import { summary } from "./summary.js";

async function drive({ index, timeZone, json, ...test }: Arguments): Promise<number> {
  const interrupt = new AbortController();
  // Once: a second Ctrl-C ends the process at once.
  process.once("SIGINT", () => {
    interrupt.abort(new Error("interrupted"));
  });
  const expectation = index === undefined ? undefined : await readExpectation(index, timeZone);
  const surroundings = { clock: systemClock, signal: interrupt.signal, watch: showProgress(process.stderr) };
  const figures = await runLoadTest({ ...test, expectation }, surroundings);
  process.stdout.write(summary(figures));
  if (json !== undefined) await writeFile(json, `${JSON.stringify(figures, undefined, 2)}\n`);
  return figures.shortcomings.length === 0 ? 0 : 1;
}

export const loadTest = command({
  name: "billboard load-test",
  summary: "Drive a running server and judge what it answers.",
  options: TABLE,
  notes: NOTES,
  run: (values) => {
    const given = Object.entries(values).flatMap(([name, value]) =>
      typeof value === "string" ? [`--${name}`, value] : [],
    );
    let request;
    try {
      request = readArguments(given)!;
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
    return drive(request);
  },
});
