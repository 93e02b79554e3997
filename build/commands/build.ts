/** Builds an index: `billboard build`. */
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { isThere } from "../../src/options/regular-file.js";
import { UsageError } from "../../src/options/options.js";
import { FOLDER, oneWordOf, text, wholeNumber } from "../../src/options/values.js";
import { COLUMN_NAME } from "../read/column-name.js";
import { BadRowsError, type OnBadRow } from "../read/data-error.js";
import { INSTANT, instantOf } from "../read/instant.js";
import type { BuildReport } from "../report/report.js";
import { summarize } from "../report/summary.js";
import { build as runStages, type BuildOptions, type OnStage } from "../stages.js";
import { INDEX_FILE, REJECTS_FILE, REPORT_PAGE_FILE } from "../write/publish.js";
import { InterruptedError, messageOf } from "./error-message.js";
import { ProgressLine } from "./progress.js";
import { StageTimes } from "./stage-times.js";

export const build = command({
  name: "billboard build",
  summary: "Build an index from event data, and publish it with its reports.",
  options: {
    data: { ...FOLDER, default: "data", help: "data folder, with period folders 1, 2, …" },
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
    at: {
      ...text("TIME", INSTANT),
      help: "the moment whose banners are shown, by status, from and until in banners.csv (now); name it, and the same data give the same index another day",
    },
    workers: { ...wholeNumber(1, 64), help: "reader threads (one a core; none for less than 1 MiB)" },
  },
  run: async ({ data, banners, out, "on-bad-row": onBadRow, column, at: moment, workers }) => {
    const at = moment === undefined ? undefined : readMoment(moment);
    const dataBanners = join(data, "banners");
    const images = banners ?? (isThere(dataBanners) ? dataBanners : undefined);
    const options = { data, banners: images, out, onBadRow, columnNames: column, at, workers };
    const { report, times } = await runWatched(options);
    const paths = {
      index: join(out, INDEX_FILE),
      rejects: join(out, REJECTS_FILE),
      page: join(out, REPORT_PAGE_FILE),
    };
    process.stdout.write(summarize(report, paths) + timeLine(times));
    return 0;
  },
  explain: (error, { out }) => {
    if (error instanceof BadRowsError) process.stderr.write(error.rows.map((row) => `${row}\n`).join(""));
    return messageOf(error, out);
  },
});

function readMoment(text: string): number {
  const moment = instantOf(text, "UTC");
  if (moment === undefined) throw new UsageError(`--at: got ${JSON.stringify(text)}, expected ${INSTANT}`);
  return moment;
}

type Times = ReturnType<StageTimes["finish"]>;

async function runWatched(options: BuildOptions): Promise<{ report: BuildReport; times: Times }> {
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
