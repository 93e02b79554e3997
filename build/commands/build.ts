/** Builds an index: `billboard build`. */
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { printable } from "../../src/options/printable.js";
import { isThere } from "../../src/options/regular-file.js";
import { FOLDER, oneWordOf, PERCENT, someOf, wholeNumber } from "../../src/options/values.js";
import { CHECKS } from "../guard/comparison.js";
import { DEFAULT_LIMITS } from "../guard/findings.js";
import { COLUMN_NAME } from "../read/column-name.js";
import { BadRowsError, type OnBadRow } from "../read/data-error.js";
import { instantOf } from "../read/instant.js";
import { zoneOf } from "../read/time-options.js";
import { RefusedError } from "../report/refused.js";
import type { BuildReport } from "../report/report.js";
import { summarize } from "../report/summary.js";
import { build as runStages, type BuildOptions, type OnStage } from "../stages.js";
import { INDEX_FILE, REFUSED, REJECTS_FILE, REPORT_PAGE_FILE } from "../write/publish.js";
import { InterruptedError, messageOf } from "./error-message.js";
import { ProgressLine } from "./progress.js";
import { StageTimes } from "./stage-times.js";
import { TIME_OPTIONS, timeOptionsOf } from "./time-options.js";

export const build = command({
  name: "billboard build",
  summary: "Build an index from event data, and publish it with its reports.",
  options: {
    data: { ...FOLDER, default: "data", help: "data folder, with period folders 1, 2, …, or files with timestamps" },
    banners: { ...FOLDER, help: "folder of the banner images (banners in the data folder, where it exists)" },
    out: { ...FOLDER, default: "dist-index", help: "folder for index.bin, rejects.csv, report.json, report.html" },
    "on-bad-row": {
      ...oneWordOf<OnBadRow>(["stop", "reject"]),
      default: "stop",
      help: "stop at malformed rows, or write them to rejects.csv",
    },
    column: {
      ...COLUMN_NAME,
      repeated: true,
      help: "in a file without our column OURS, its column THEIRS is that one, as in revenue=amount",
    },
    accept: {
      ...someOf([...CHECKS, "all"]),
      repeated: true,
      help: `publish though checks fail: ${CHECKS.join(", ")}; or all`,
    },
    "max-lost-cells": {
      ...PERCENT,
      default: String(DEFAULT_LIMITS.maxLostCells),
      help: "most of the published cells that may be gone",
    },
    "max-rejected": {
      ...PERCENT,
      default: String(DEFAULT_LIMITS.maxRejected),
      help: "most rows of a file that may be malformed or conflicts",
    },
    "max-orphans": {
      ...PERCENT,
      default: String(DEFAULT_LIMITS.maxOrphans),
      help: "most conversions that may be orphans",
    },
    "dry-run": { help: "do all but publish, and change nothing in the folder" },
    ...TIME_OPTIONS,
    workers: { ...wholeNumber(1, 64), help: "reader threads (one a core; none for less than 1 MiB)" },
  },
  run: async ({ data, banners, out, "on-bad-row": onBadRow, column, workers, "dry-run": dryRun, ...values }) => {
    const dataBanners = join(data, "banners");
    const images = banners ?? (isThere(dataBanners) ? dataBanners : undefined);
    const limits = {
      maxLostCells: values["max-lost-cells"],
      maxRejected: values["max-rejected"],
      maxOrphans: values["max-orphans"],
    };
    const timestamps = timeOptionsOf(values);
    const at = values.at === undefined ? undefined : instantOf(values.at, zoneOf(timestamps));
    const { report, times } = await runWatched({
      ...{ data, banners: images, out, onBadRow, columnNames: column, workers, timestamps, at },
      ...{ accept: values.accept.flat(), limits, dryRun },
    });
    const paths = {
      index: join(out, INDEX_FILE),
      rejects: join(out, REJECTS_FILE),
      page: join(out, REPORT_PAGE_FILE),
    };
    process.stdout.write(summarize(report, dryRun ? {} : paths) + timeLine(times));
    return 0;
  },
  explain: (error, { out, "dry-run": dryRun }) => {
    if (error instanceof RefusedError) {
      const paths = { rejects: join(out, REFUSED[REJECTS_FILE]), page: join(out, REFUSED[REPORT_PAGE_FILE]) };
      process.stdout.write(summarize(error.report, dryRun ? {} : paths));
      process.stderr.write(error.lines.map((line) => `${printable(line)}\n`).join(""));
    }
    if (error instanceof BadRowsError) process.stderr.write(error.rows.map((row) => `${row}\n`).join(""));
    return messageOf(error, out);
  },
});

type Times = ReturnType<StageTimes["finish"]>;

export async function runWatched(options: BuildOptions): Promise<{ report: BuildReport; times: Times }> {
  const times = new StageTimes();
  const line = process.stderr.isTTY ? new ProgressLine(process.stderr) : undefined;
  const interrupt = new AbortController();
  const onSignal = (): void => {
    interrupt.abort(new InterruptedError());
  };
  // Once each: a second Ctrl-C ends the process at once.
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    const onStage: OnStage = (stage, ...progress) => {
      times.begin(stage);
      line?.onStage(stage, ...progress);
    };
    const report = await runStages(options, { onStage, signal: interrupt.signal });
    return { report, times: times.finish() };
  } finally {
    line?.end();
  }
}

function timeLine({ total, stages }: Times): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  const byStage = [...stages].map(([stage, ms]) => `${stage} ${seconds(ms)}`);
  return `${"time".padEnd(24)} ${seconds(total)} s: ${byStage.join(", ")}\n`;
}
