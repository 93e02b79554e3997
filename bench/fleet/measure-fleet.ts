/** Measures a small fleet of `billboard pull` programs, and simulates the same: `npm run measure-fleet`. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { compile } from "../../build/compile.js";
import { command, runCommand } from "../../src/options/command.js";
import { wholeNumber } from "../../src/options/values.js";
import { delayMs } from "../../src/pull/delays.js";
import { inTemporaryFolder } from "../../tools/temporary-folder.js";
import { countsOfCampaigns } from "../growth/events.js";
import { interruptible } from "../interruptible.js";
import { markdownTable, number } from "../report/format.js";
import { SlowOrigin } from "./origin.js";
import { seededFractions } from "./fractions.js";
import { simulate } from "./simulate.js";

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");
const CAMPAIGNS = 20_000;
const SECONDS_TO_SEND = 8;
const SIMULATIONS = 1000;
const OUTAGES = [undefined, { from: 1, until: 7 }] as const;

interface Measured {
  readonly outage: (typeof OUTAGES)[number];
  readonly requests: number;
  readonly bytes: number;
  readonly all: number;
}

await runCommand(
  command({
    name: "npm run measure-fleet",
    summary: "Measures a few programs that pull an index, beside a simulation of them.",
    options: {
      replicas: { ...wholeNumber(1, 50), default: "5", help: "programs that pull" },
      poll: { ...wholeNumber(1, 60), default: "2", help: "seconds between two requests, as INDEX_POLL" },
      rounds: { ...wholeNumber(1, 100), default: "5", help: "how often" },
    },
    notes: `Each round publishes an index to programs that have another one, over a line on which all copies take
${SECONDS_TO_SEND} s, once as it is and once with an origin that fails on the way. Prints both beside ${SIMULATIONS} simulations.
Exit code: 0 where every program got the index, 1 where not, 2 for wrong usage.`,
    run: async ({ replicas, poll, rounds }) => {
      const { signal } = interruptible();
      const measured: Measured[] = [];
      const indexes = [indexOf(0), indexOf(1)] as const;
      for (let round = 0; round < rounds; round++)
        for (const outage of OUTAGES)
          measured.push(
            await inTemporaryFolder("measure-fleet", (folder) =>
              measure({ folder, replicas, poll, outage, signal }, indexes),
            ),
          );
      process.stdout.write(tableOf(measured, { replicas, poll, indexBytes: indexes[0].length }));
      return 0;
    },
  }),
);

function indexOf(impressions: number): Uint8Array {
  const counts = countsOfCampaigns(CAMPAIGNS);
  for (let more = 0; more < impressions; more++) counts.addImpression(0);
  return Uint8Array.from(Buffer.concat(compile(counts, new Map()).parts));
}

interface Task {
  readonly folder: string;
  readonly replicas: number;
  readonly poll: number;
  readonly outage: Measured["outage"];
  readonly signal: AbortSignal;
}

async function measure(
  { folder, replicas, poll, outage, signal }: Task,
  [old, next]: readonly [Uint8Array, Uint8Array],
): Promise<Measured> {
  const origin = new SlowOrigin(old, (replicas * old.length) / SECONDS_TO_SEND);
  const programs: ChildProcess[] = [];
  try {
    const address = await origin.open();
    for (let replica = 0; replica < replicas; replica++) {
      const out = join(folder, String(replica));
      await mkdir(out);
      const words = [BILLBOARD, "pull", "--url", address, "--out", out, "--every", String(poll)];
      programs.push(spawn(process.execPath, words, { stdio: "ignore", signal }));
    }
    for (const program of programs) program.on("error", () => undefined);
    await until(() => origin.ends.length === replicas, signal);
    // They write what came and go on to ask, each at moments of its own.
    await sleep(3000 * poll, undefined, { signal });
    const [requests, bytes, published] = [origin.requests, origin.bytes, performance.now()];
    origin.publish(next);
    if (outage !== undefined) {
      await sleep(1000 * outage.from, undefined, { signal });
      origin.fail();
      await sleep(1000 * (outage.until - outage.from), undefined, { signal });
      origin.isDown = false;
    }
    await until(() => origin.ends.length === 2 * replicas, signal);
    const all = (origin.ends.at(-1)! - published) / 1000;
    return { outage, requests: origin.requests - requests, bytes: origin.bytes - bytes, all };
  } finally {
    await Promise.all(programs.map(end));
    origin.close();
  }
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode === null && program.kill()) await once(program, "close");
}

async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo()) await sleep(5, undefined, { signal });
}

interface Size {
  readonly replicas: number;
  readonly poll: number;
  readonly indexBytes: number;
}

function simulated(outage: Measured["outage"], { replicas, poll, indexBytes }: Size, seed: string): Measured {
  const random = seededFractions(seed);
  const line = (replicas * indexBytes) / SECONDS_TO_SEND;
  const { requests, bytes, arrivals } = simulate({
    replicas,
    indexBytes,
    bandwidth: { line, transfer: line },
    delay: (failures) => delayMs(1000 * poll, failures, random) / 1000,
    firstRequest: () => random() * poll,
    published: 0,
    ...(outage && { outage }),
    until: Infinity,
  });
  return { outage, requests, bytes, all: arrivals.at(-1)! };
}

function tableOf(measured: readonly Measured[], size: Size): string {
  const rows = OUTAGES.flatMap((outage) => [
    { of: "measured", outage, runs: measured.filter((run) => run.outage === outage) },
    {
      of: "simulated",
      outage,
      runs: Array.from({ length: SIMULATIONS }, (_, seed) => simulated(outage, size, String(seed))),
    },
  ]);
  type Row = (typeof rows)[number];
  const of = (heading: string, value: (run: Measured) => number) => ({
    heading,
    isNumber: true,
    of: ({ runs }: Row) => spreadOf(runs.map(value)),
  });
  return markdownTable<Row>(
    [
      {
        heading: "origin",
        of: ({ outage }) => (outage ? `fails from ${outage.from} s to ${outage.until} s` : "is there"),
      },
      { heading: "", of: (row) => `${row.of}, ${row.runs.length} times` },
      of("requests", ({ requests }) => requests),
      of("copies sent", ({ bytes }) => bytes / size.indexBytes),
      of("seconds until all have it", ({ all }) => all),
    ],
    rows,
  );
}

function spreadOf(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => number(sorted[Math.round(share * (sorted.length - 1))]!);
  return `${at(0.5)} (${at(0)} to ${at(1)})`;
}
