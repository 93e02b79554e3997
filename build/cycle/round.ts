/** Runs one round of the cycle: what was recorded is built, checked, signed, published and served. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isThere } from "../../src/options/regular-file.js";
import { count, named } from "../../src/index/wording.js";
import { MergedFolder } from "../recorded/merged-folder.js";
import { Occurrences } from "../recorded/occurrences.js";
import type { BuildReport } from "../report/report.js";
import { INDEX_FILE, REFUSED, REPORT_FILE } from "../write/publish.js";
import { runCommandApart, type Finished } from "./step-process.js";

export interface Plan {
  readonly records: readonly string[];
  /** Of campaigns.csv and placements.csv, where there is one. */
  readonly lists: string | undefined;
  readonly out: string;
  /** Of `billboard build`, but for its data and its window. */
  readonly buildWords: readonly string[];
  readonly windowMs: number | undefined;
  readonly timeZone: string;
  readonly signKey: string | undefined;
  readonly publishTo: string | undefined;
  readonly reloads: boolean;
}

export interface RoundWatcher {
  /** The result of a step, in one line. */
  readonly say: (line: string) => void;
  /** What a step writes to standard error, line by line. */
  readonly note: (line: string) => void;
  /** Ends the round after the step that runs. */
  readonly ending: AbortSignal;
  /** Ends the step too. */
  readonly hurry: AbortSignal;
}

/** Its message is one line that begins with the step's name. */
export class RoundError extends Error {
  override readonly name = "RoundError";
}

/** A build reads what is there when it starts; where a compaction replaces it meanwhile, another build is due. */
const MAX_BUILDS = 3;

/** @throws RoundError where a step fails; those after it are left out */
export async function runRound(plan: Plan, watcher: RoundWatcher): Promise<void> {
  if (!(await build(plan, watcher))) return;
  const index = join(plan.out, INDEX_FILE);
  const steps: [name: string, words: readonly string[] | undefined][] = [
    ["sign", plan.signKey === undefined ? undefined : signWords(plan.signKey, index)],
    ["publish", plan.publishTo === undefined ? undefined : ["publish", "--index", index, "--to", plan.publishTo]],
    ["reload", plan.reloads ? ["reload", "--if-running"] : undefined],
  ];
  for (const [name, words] of steps) {
    if (words === undefined) continue;
    if (watcher.ending.aborted) throw new RoundError(`${name}: left out, since the process is to end`);
    const finished = await runCommandApart(words, watcher.hurry);
    if (finished.status !== 0) throw failureOf(name, finished, watcher);
    finished.errors.forEach(watcher.note);
    watcher.say(`${name}: ${finished.stdout.trim().replace(/^Billboard: |[.]$/g, "")}`);
  }
}

/** Rises from index to index, also where the signature before was lost: it is then the time. */
function signWords(key: string, index: string): readonly string[] {
  const sequence = isThere(`${index}.sig`) ? "next" : String(Math.floor(Date.now() / 1000));
  return ["sign", "--key", key, "--index", index, "--sequence", sequence];
}

/** False where there is nothing to build from yet. */
async function build(plan: Plan, watcher: RoundWatcher): Promise<boolean> {
  for (let builds = 1; ; builds++) {
    const folder = mkdtempSync(join(tmpdir(), "billboard-cycle-"));
    try {
      const merged = mergedFolder(folder, plan);
      if (merged.events.length === 0) {
        const where = plan.records.join(", ");
        watcher.say(`build: nothing is recorded yet in ${where}: files are closed at the end of each period`);
        return false;
      }
      const finished = await runCommandApart(["build", "--data", folder, ...wordsOf(plan)], watcher.hurry);
      const told = { ...finished, errors: finished.errors.map((line) => merged.explained(line)) };
      if (finished.status === 0 || builds === MAX_BUILDS || merged.isWhole || watcher.ending.aborted) {
        tellBuild(told, plan, watcher);
        return true;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function mergedFolder(folder: string, { records, lists }: Plan): MergedFolder {
  try {
    return MergedFolder.make(folder, records, lists);
  } catch (error) {
    throw new RoundError(`build: ${(error as Error).message}`, { cause: error });
  }
}

function wordsOf({ buildWords, out, windowMs, timeZone }: Plan): readonly string[] {
  const words = ["--out", out, ...buildWords];
  if (windowMs === undefined) return words;
  // At an hour of the zone, through which no row of a compacted file reaches.
  const from = new Occurrences(timeZone, 1).startOf(Date.now() - windowMs);
  return ["--from", new Date(from).toISOString(), ...words];
}

/** @throws RoundError for a build that failed, or that the guard refused */
function tellBuild(finished: Finished, { out }: Plan, watcher: RoundWatcher): void {
  const { status, stdout } = finished;
  const isRefused = status === 1 && stdout !== "";
  if (status !== 0 && !isRefused) throw failureOf("build", finished, watcher);
  const report = readReport(join(out, isRefused ? REFUSED[REPORT_FILE] : REPORT_FILE));
  const { generation, rows, files } = report;
  watcher.say(
    `build: generation ${generation}, ${count(rows.used)} of ${count(rows.read)} row(s) in ${count(files.length)} file(s)`,
  );
  if (isRefused) throw failureOf("guard", finished, watcher);
  finished.errors.forEach(watcher.note);
  const accepted = [...new Set(report.findings.map(({ name }) => name))];
  watcher.say(`guard: passed${accepted.length === 0 ? "" : `, by --accept ${named(accepted)}`}`);
}

function readReport(file: string): BuildReport {
  return JSON.parse(readFileSync(file, "utf8")) as BuildReport;
}

function failureOf(step: string, { status, errors }: Finished, { note }: RoundWatcher): RoundError {
  errors.slice(0, -1).forEach(note);
  return new RoundError(`${step}: ${errors.at(-1) ?? `ended by a signal, or without a word (${String(status)})`}`);
}
