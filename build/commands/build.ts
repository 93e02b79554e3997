/** Builds an index: `billboard build`. */
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { UsageError } from "../../src/options/options.js";
import { printable } from "../../src/options/printable.js";
import { isThere } from "../../src/options/regular-file.js";
import {
  CURRENCY,
  FILE,
  FOLDER,
  oneWordOf,
  PERCENT,
  SHARE,
  someOf,
  text,
  wholeNumber,
} from "../../src/options/values.js";
import { REPORT_PAGE_FILE } from "../../src/view/report-file.js";
import { CHECKS } from "../guard/checks.js";
import { DEFAULT_LIMITS } from "../guard/findings.js";
import { COLUMN_NAME } from "../read/column-name.js";
import { BadRowsError, type OnBadRow } from "../read/data-error.js";
import { instantOf } from "../read/instant.js";
import { zoneOf } from "../read/time-options.js";
import { RefusedError } from "../report/refused.js";
import type { BuildReport } from "../report/report.js";
import { summarize } from "../report/summary.js";
import { build as runStages, type BuildOptions, type OnStage } from "../stages.js";
import { INDEX_FILE, REFUSED, REJECTS_FILE } from "../write/publish.js";
import { InterruptedError, messageOf } from "./error-message.js";
import { ProgressLine } from "./progress.js";
import { StageTimes } from "./stage-times.js";
import { TIME_OPTIONS, timeOptionsOf } from "./time-options.js";

const DATA_FOLDER = "data";

export const build = command({
  name: "billboard build",
  summary: "Build an index from event data, and publish it with its reports.",
  options: {
    data: { ...FOLDER, help: `data folder, with period folders 1, 2, …, or files with timestamps (${DATA_FOLDER})` },
    clickhouse: {
      ...text("URL", "an address"),
      help: "in place of a data folder: database with the events, such as http://user@host:8123/database",
    },
    cluster: { ...text("NAME", "a name"), help: "cluster of ClickHouse whose shards hold the events (one server)" },
    banners: { ...FOLDER, help: "folder of the banner images (banners in the data folder, where it exists)" },
    campaigns: { ...FILE, help: "names and default banners (campaigns.csv in the data folder, where it exists)" },
    placements: {
      ...FILE,
      help: "banners that may have no events (placements.csv in the data folder, where it exists)",
    },
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
    explore: {
      ...SHARE,
      default: "0",
      help: "share of decisions that draw from all banners of a cell, so that new ones can earn",
    },
    expect: { ...FILE, help: "CSV of the rows and sums that the data must have, by period" },
    currency: { ...CURRENCY, help: "currency in which report.html shows money (none)" },
    "dry-run": { help: "do all but publish, and change nothing in the folder" },
    ...TIME_OPTIONS,
    workers: { ...wholeNumber(1, 64), help: "threads that read (one a core; one for less than 1 MiB)" },
  },
  notes: `With --clickhouse, the user's password is CLICKHOUSE_PASSWORD, or stands in the file that
CLICKHOUSE_PASSWORD_FILE names. docs/warehouse.md has the tables.`,
  run: async ({ banners, out, "on-bad-row": onBadRow, column, workers, "dry-run": dryRun, ...values }) => {
    const data = dataOf({ ...values, column, workers });
    const images = banners ?? (typeof data === "string" ? bannersIn(data) : undefined);
    const limits = {
      maxLostCells: values["max-lost-cells"],
      maxRejected: values["max-rejected"],
      maxOrphans: values["max-orphans"],
    };
    const timestamps = timeOptionsOf(values);
    const at = values.at === undefined ? undefined : instantOf(values.at, zoneOf(timestamps));
    const { report, times } = await runWatched({
      data,
      campaigns: values.campaigns,
      placements: values.placements,
      banners: images,
      out,
      onBadRow,
      columnNames: column,
      workers,
      ...{
        timestamps,
        at,
        accept: values.accept.flat(),
        limits,
        exploration: values.explore,
        expect: values.expect,
        dryRun,
        currency: values.currency,
      },
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

interface Given {
  readonly data: string | undefined;
  readonly clickhouse: string | undefined;
  readonly cluster: string | undefined;
  readonly column: readonly unknown[];
  readonly workers: number | undefined;
}

/** @throws UsageError for options of files and of ClickHouse together */
function dataOf({ data, clickhouse, cluster, column, workers }: Given): BuildOptions["data"] {
  if (clickhouse === undefined) {
    if (cluster !== undefined) throw new UsageError("--cluster: is for --clickhouse, which is not given");
    return data ?? DATA_FOLDER;
  }
  const ofFiles = { data, column: column[0], workers };
  const given = Object.entries(ofFiles).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new UsageError(
      `--${given[0]}: is for files, and --clickhouse has the events in place of them: leave one of both out`,
    );
  return { clickhouse, cluster };
}

function bannersIn(data: string): string | undefined {
  const folder = join(data, "banners");
  return isThere(folder) ? folder : undefined;
}

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
    const onNote = (note: string): void => {
      if (line === undefined) process.stderr.write(`${note}\n`);
      else line.note(note);
    };
    const report = await runStages(options, { onStage, onNote, signal: interrupt.signal });
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
