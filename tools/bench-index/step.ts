/**
 * One step of the benchmark, in a process of its own: so that each starts from nothing, its memory is its own, and Ctrl-C need not
 * wait for it. Takes the step's name and arguments as JSON, and answers with one line of JSON, or complains
 * with one line.
 */
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compile } from "../../build/compile.js";
import { INDEX_FILE, Publication } from "../../build/publish.js";
import { build } from "../../build/stages.js";
import { makeCounts } from "./large-index.js";
import { timeLoad, timeParts } from "./load-times.js";
import { timeLookUps } from "./look-ups.js";

/** Times are in milliseconds. */
export interface BuildTimes {
  readonly count: number;
  readonly compile: number;
  readonly write: number;
  readonly entries: number;
  readonly bytes: number;
  /** KiB. */
  readonly peakMemory: number;
}

/** Counts, compiles and publishes; the file is left in the page cache. */
async function makeLarge(
  out: string,
  size: { campaigns: number; periods: number; banners: number },
): Promise<BuildTimes> {
  const start = performance.now();
  const counts = makeCounts(size);
  const counted = performance.now();
  const { bytes } = compile(counts, new Map());
  const compiled = performance.now();
  const publication = await Publication.begin(out);
  await writeFile(publication.rejectsPath, "");
  await publication.publish({ index: bytes, report: "", page: "" });
  await publication.end();
  const end = performance.now();
  return {
    count: counted - start,
    compile: compiled - counted,
    write: end - compiled,
    entries: size.campaigns * size.periods * size.banners,
    bytes: bytes.length,
    peakMemory: process.resourceUsage().maxRSS,
  };
}

async function makeSample(out: string, data: string): Promise<{ file: string }> {
  await build({ data, banners: join(data, "banners"), out, onBadRow: "stop" });
  return { file: join(out, INDEX_FILE) };
}

/** So that the first load reads as the others do. */
async function warm(file: string): Promise<null> {
  const handle = await open(file);
  const piece = new Uint8Array(2 ** 22);
  while ((await handle.read(piece, 0, piece.length)).bytesRead > 0);
  await handle.close();
  return null;
}

/** What a step is called, what it takes and what it answers. */
export const STEPS = { makeLarge, makeSample, warm, timeLoad, timeParts, timeLookUps };

const [name, args] = process.argv.slice(2);
if (name !== undefined && args !== undefined) {
  const step = STEPS[name as keyof typeof STEPS] as (...values: unknown[]) => Promise<unknown>;
  try {
    process.stdout.write(`${JSON.stringify(await step(...(JSON.parse(args) as unknown[])))}\n`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split("\n", 1)[0]!}\n`);
    process.exitCode = 1;
  }
}
