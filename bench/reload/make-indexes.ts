/** The program of a process that makes two large indexes that differ in one view of one banner, and visits to the campaigns of both. */
import { writeFile } from "node:fs/promises";
import { compile } from "../../build/compile.js";
import { decode } from "../../src/index/format.js";
import { makeCounts } from "../growth/large-index.js";
import { campaignVisits, writeVisits } from "../traffic.js";

export interface IndexesTask {
  readonly campaigns: number;
  /** The files to write. */
  readonly first: string;
  readonly second: string;
  readonly visits: string;
}

const PERIODS = 4;
/** In each cell. */
const BANNERS = 10;
const VISITS = 300_000;

async function make({ campaigns, first, second, visits }: IndexesTask): Promise<void> {
  const counts = makeCounts({ campaigns, periods: PERIODS, banners: BANNERS });
  const { bytes } = compile(counts, new Map());
  await writeFile(first, bytes);
  await writeVisits(campaignVisits(decode(bytes), { count: VISITS, cookies: 1 }), visits);
  counts.addImpression(0);
  await writeFile(second, compile(counts, new Map()).bytes);
}

await make(JSON.parse(process.argv[2]!) as IndexesTask);
