/** `npm run build-index`: arguments, the build, one summary, the exit code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "../../src/options/old-command.js";
import { BadRowsError } from "../read/bad-rows.js";
import { InterruptedError, messageOf } from "./failure.js";
import { ProgressLine } from "./progress.js";
import { INDEX_FILE, REJECTS_FILE, REPORT_PAGE_FILE } from "../write/publish.js";
import type { BuildReport } from "../report/report.js";
import { StageTimes } from "./stage-times.js";
import { build, type BuildOptions, type OnStage } from "../stages.js";
import { summarize } from "../report/summary.js";

const USAGE = `Usage: npm run build-index -- [options]
  --data DIR                  the data folder, with period folders 1, 2, … (data)
  --banners DIR               the folder of the banner images (banners in the data folder, where there is one)
  --out DIR                   where index.bin, rejects.csv, report.json and report.html go (dist-index)
  --on-bad-row stop|reject    stop at malformed rows, or set them aside in rejects.csv (stop)
  --workers N                 threads that read, 1 to 64 (one a core; none for less than 1 MiB)
  --help                      this text
`;

/** Throws for wrong usage; undefined where help is asked for. */
function readArguments(): BuildOptions | undefined {
  const { values } = parseArgs({
    options: {
      data: { type: "string", default: "data" },
      banners: { type: "string" },
      out: { type: "string", default: "dist-index" },
      "on-bad-row": { type: "string", default: "stop" },
      workers: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const onBadRow = values["on-bad-row"];
  if (onBadRow !== "stop" && onBadRow !== "reject")
    throw new RangeError(`--on-bad-row: got "${onBadRow}", expected stop or reject`);
  const workers = values.workers === undefined ? undefined : Number(values.workers);
  if (workers !== undefined && !(/^\d{1,2}$/.test(values.workers!) && workers >= 1 && workers <= 64))
    throw new RangeError(`--workers: got "${values.workers!}", expected a whole number from 1 to 64`);
  const beside = join(values.data, "banners");
  const banners = values.banners ?? (existsSync(beside) ? beside : undefined);
  return { data: values.data, banners, out: values.out, onBadRow, workers };
}

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
    const report = await build(options, { onStage, signal: interrupt.signal });
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

async function buildIndex(options: BuildOptions): Promise<undefined> {
  const { report, times } = await buildWatched(options);
  const at = (name: string): string => join(options.out, name);
  const paths = { index: at(INDEX_FILE), rejects: at(REJECTS_FILE), page: at(REPORT_PAGE_FILE) };
  process.stdout.write(summarize(report, paths) + timeLine(times));
}

await runCommand({
  name: "build-index",
  usage: () => USAGE,
  readArguments,
  run: buildIndex,
  explain: (error, { out }) => {
    if (error instanceof BadRowsError) process.stderr.write(error.rows.map((row) => `${row}\n`).join(""));
    return messageOf(error, out);
  },
});
