/** `npm run load-test`: drives a running server and judges every answer. */
import { writeFile } from "node:fs/promises";
import { runCommand } from "../../src/options/old-command.js";
import { readArguments, usage, type Arguments } from "./arguments.js";
import { systemClock } from "./clock.js";
import { readExpectation } from "./expectation.js";
import { showProgress } from "./progress.js";
import { runLoadTest } from "./run-load-test.js";
import { summary } from "./summary.js";

async function loadTest({ index, timeZone, json, ...test }: Arguments): Promise<number> {
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

await runCommand({
  name: "load-test",
  usage,
  readArguments: () => readArguments(process.argv.slice(2)),
  run: loadTest,
});
