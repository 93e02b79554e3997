/** `npm run build-index`: arguments, the build, one summary, the exit code. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BadRowsError } from "./collect-events.js";
import { DataError } from "./data-error.js";
import { summarize } from "./report.js";
import { build, type BuildOptions } from "./stages.js";

const USAGE = `Usage: npm run build-index -- [options]
  --data DIR                  the data folder, with period folders 1, 2, … (data)
  --banners DIR               the folder of the banner images (banners in the data folder, where there is one)
  --out DIR                   where index.bin and rejects.csv go (dist-index)
  --on-bad-row stop|reject    stop at malformed rows, or set them aside in rejects.csv (stop)
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
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const onBadRow = values["on-bad-row"];
  if (onBadRow !== "stop" && onBadRow !== "reject")
    throw new RangeError(`--on-bad-row: got "${onBadRow}", expected stop or reject`);
  const beside = join(values.data, "banners");
  const banners = values.banners ?? (existsSync(beside) ? beside : undefined);
  return { data: values.data, banners, out: values.out, onBadRow };
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: "make room there",
  EACCES: "give this user the permission",
  EPERM: "give this user the permission",
  EROFS: "name another folder with --out",
};

/** One line for what data or disks can do; what is left is a fault of our own, and shows where it was. */
function messageOf(error: NodeJS.ErrnoException, out: string): string {
  if (error instanceof DataError) return error.message;
  if (error.code === undefined) return String(error.stack);
  // Only a write that fails midway does not say its path.
  return `${error.path ?? out}: ${error.message}: ${REMEDIES[error.code] ?? "see to the file and build again"}; nothing is published`;
}

async function main(): Promise<number> {
  let options: BuildOptions | undefined;
  try {
    options = readArguments();
  } catch (error) {
    process.stderr.write(`build-index: ${(error as Error).message.split("\n", 1)[0]!}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    process.stdout.write(summarize(await build(options)));
    return 0;
  } catch (error) {
    if (error instanceof BadRowsError) process.stderr.write(error.rows.map((row) => `${row}\n`).join(""));
    process.stderr.write(`build-index: ${messageOf(error as NodeJS.ErrnoException, options.out)}\n`);
    return 1;
  }
}

process.exitCode = await main();
