/** Builds an index, with a progress line on a terminal and a summary at the end. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { command } from "../../src/options/command.js";
import { FOLDER, oneWordOf, wholeNumber } from "../../src/options/values.js";
import { BadRowsError, type OnBadRow } from "../read/bad-rows.js";
import { InterruptedError, messageOf } from "./failure.js";
import { ProgressLine } from "./progress.js";
import { INDEX_FILE, REJECTS_FILE, REPORT_PAGE_FILE } from "../write/publish.js";
import type { BuildReport } from "../report/report.js";
import { StageTimes } from "./stage-times.js";
import { build as runBuild, type BuildOptions, type OnStage } from "../stages.js";
import { summarize } from "../report/summary.js";

/** With a line that tells how far it is, where somebody is at a terminal to see it. */
async function buildWatched(options: BuildOptions): Promise<{ report: BuildReport; times: Times }> {
  const times = new StageTimes();
  const line = process.stderr.isTTY ? new ProgressLine(process.stderr) : undefined;
  const interrupt = new AbortController();
  const onSignal = (): void => {
    interrupt.abort(new InterruptedError());
  };
  // Once each: a second Ctrl-C ends the process where it is.
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    const onStage: OnStage = (stage, ...progress) => {
      times.begin(stage);
      line?.onStage(stage, ...progress);
    };
    const report = await runBuild(options, { onStage, signal: interrupt.signal });
    return { report, times: times.finish() };
  } finally {
    line?.end();
  }
}

type Times = ReturnType<StageTimes["finish"]>;

function timeLine({ total, stages }: Times): string {
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);
  const byStage = [...stages].map(([stage, milliseconds]) => `${stage} ${seconds(milliseconds)}`);
  return `${"time".padEnd(24)} ${seconds(total)} s: ${byStage.join(", ")}\n`;
}

export const build = command({
  name: "billboard build",
  summary: "Build an index from a data folder.",
  options: {
    data: { ...FOLDER, default: "data", help: "the data folder, with period folders 1, 2, …" },
    banners: { ...FOLDER, help: "the folder of the banner images (banners in the data folder, where there is one)" },
    out: { ...FOLDER, default: "dist-index", help: "where index.bin, rejects.csv, report.json and report.html go" },
    "on-bad-row": {
      ...oneWordOf<OnBadRow>(["stop", "reject"]),
      default: "stop",
      help: "stop at malformed rows, or set them aside in rejects.csv",
    },
    workers: { ...wholeNumber(1, 64), help: "threads that read (one a core; none for less than 1 MiB)" },
  },
  run: async ({ data, banners, out, "on-bad-row": onBadRow, workers }) => {
    const beside = join(data, "banners");
    const images = banners ?? (existsSync(beside) ? beside : undefined);
    const { report, times } = await buildWatched({ data, banners: images, out, onBadRow, workers });
    const at = (name: string): string => join(out, name);
    const paths = { index: at(INDEX_FILE), rejects: at(REJECTS_FILE), page: at(REPORT_PAGE_FILE) };
    process.stdout.write(summarize(report, paths) + timeLine(times));
    return 0;
  },
  explain: (error, { out }) => {
    if (error instanceof BadRowsError) process.stderr.write(error.rows.map((row) => `${row}\n`).join(""));
    return messageOf(error, out);
  },
});
