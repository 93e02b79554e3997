/** Makes what servers recorded the next index, once or at intervals: `billboard cycle`. */
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { printable } from "../../src/options/printable.js";
import { isThere } from "../../src/options/regular-file.js";
import { FILE, FOLDER, type ValueKind } from "../../src/options/values.js";
import { repeat } from "../cycle/rounds.js";
import { RoundError, runRound, type Plan, type RoundWatcher } from "../cycle/round.js";
import { eventTimes } from "../read/time-options.js";
import { build } from "./build.js";
import { DURATION } from "./duration.js";
import { passed, wordsOf } from "./passed-options.js";
import { RECORD_OPTION, recordFolders } from "./record-folders.js";
import { timeOptionsOf } from "./time-options.js";

const DATA_FOLDER = "data";

const {
  banners,
  campaigns,
  placements,
  out,
  explore,
  accept,
  expect,
  currency,
  periods,
  workers,
  "time-zone": timeZone,
  "on-bad-row": onBadRow,
  "max-lost-cells": maxLostCells,
  "max-rejected": maxRejected,
  "max-orphans": maxOrphans,
} = build.options;

const BUILD_OPTIONS = passed({
  campaigns,
  placements,
  "time-zone": timeZone,
  periods,
  explore,
  "on-bad-row": onBadRow,
  accept,
  "max-lost-cells": maxLostCells,
  "max-rejected": maxRejected,
  "max-orphans": maxOrphans,
  expect,
  currency,
  workers,
});

/** What it says beyond that, `billboard publish` checks. */
const ADDRESS: ValueKind<string> = {
  placeholder: "URL",
  allowed: "an address that begins with http://, https:// or s3://",
  parse: (text) => (/^(https?|s3):\/\/./.test(text) ? text : undefined),
};

export const cycle = command({
  name: "billboard cycle",
  summary: "Build the next index from what servers recorded; sign it, publish it and have it served.",
  options: {
    record: RECORD_OPTION,
    window: {
      ...DURATION,
      help: "count only what was recorded so long before now, from the begin of an hour on (all)",
    },
    data: { ...FOLDER, help: `folder of campaigns.csv, placements.csv and banners (${DATA_FOLDER}, where it exists)` },
    banners,
    ...BUILD_OPTIONS,
    out,
    "sign-key": { ...FILE, help: "file of the private key that signs the index (not signed)" },
    publish: { ...ADDRESS, help: "address to put the index at, as `billboard publish` does (not published)" },
    "no-reload": { help: "leave the server that runs on this machine alone" },
    every: { ...DURATION, help: "repeat in the foreground, with so long from one start to the next (once)" },
  },
  notes: `A server closes its files at the end of each period, so that a round has all but the period that runs. Each step says
in one line what came of it: build, guard, sign, publish, reload. The first that fails ends the round, and those after it
are left out. Only what the guard lets pass is put in the place of the index. A server is found as by \`billboard reload\`,
and publishing has its token, from the same variables (PID_FILE, ADMIN_SOCKET, INDEX_TOKEN_FILE and so on); where no
server runs, the line says so.
With --every, a round that fails is told, and the next one comes. SIGTERM and SIGINT end it with 0 after the step that
runs; a second one ends that too.`,
  run: async ({ record, window, data, every, ...values }) => {
    const zoneAndPeriods = { "time-zone": values["time-zone"], periods: undefined };
    const options = timeOptionsOf({ ...zoneAndPeriods, from: undefined, to: undefined, at: undefined });
    const folder = data ?? (isThere(DATA_FOLDER) ? DATA_FOLDER : undefined);
    const images = values.banners ?? bannersIn(folder);
    const plan: Plan = {
      records: recordFolders(record),
      lists: folder,
      out: values.out,
      buildWords: [...(images === undefined ? [] : [`--banners=${images}`]), ...wordsOf(BUILD_OPTIONS, values)],
      windowMs: window,
      timeZone: eventTimes("", false, options)!.timeZone,
      signKey: values["sign-key"],
      publishTo: values.publish,
      reloads: !values["no-reload"],
    };
    const [ending, hurry] = signals();
    const watcher: RoundWatcher = { say, note, ending, hurry };
    if (every === undefined) await runRound(plan, watcher);
    else await repeat(() => toldRound(plan, watcher), every, ending);
    return hurry.aborted ? 1 : 0;
  },
});

function bannersIn(folder: string | undefined): string | undefined {
  const images = folder === undefined ? undefined : join(folder, "banners");
  return images !== undefined && isThere(images) ? images : undefined;
}

/** Of which the first aborts at a signal, and the second at another. */
function signals(): readonly [ending: AbortSignal, hurry: AbortSignal] {
  const [ending, hurry] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (ending.signal.aborted) hurry.abort();
    else note(`${cycle.name}: ends once the step that runs, if one does, is done; a second signal ends that too`);
    ending.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  return [ending.signal, hurry.signal];
}

/** What goes wrong in one round, be it what it may, does not keep the next one from coming. */
async function toldRound(plan: Plan, watcher: RoundWatcher): Promise<void> {
  try {
    await runRound(plan, watcher);
  } catch (error) {
    const message = error instanceof RoundError ? error.message : `unexpected error: ${(error as Error).message}`;
    note(`${cycle.name}: ${message}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

function note(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
