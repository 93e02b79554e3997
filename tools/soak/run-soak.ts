/** One soak: a server that is asked and reloaded for a long time, and what its memory does. */
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { build } from "../../build/stages.js";
import { INDEX_FILE } from "../../build/write/publish.js";
import { systemClock } from "../load-test/clock.js";
import { runLoadTest } from "../load-test/run-load-test.js";
import type { Arguments } from "./arguments.js";
import { ServerProcess } from "./server-process.js";
import { mebibytes, type SoakFigures } from "./summary.js";

/** How many readings of memory stand for a moment: one alone may have caught the collector before its work or after. */
const READINGS = 5;

export interface Surroundings {
  /** An empty folder for the indexes. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly tell: (progress: string) => void;
}

export async function runSoak(wanted: Arguments, { folder, signal, tell }: Surroundings): Promise<SoakFigures> {
  const indexes = await buildTwo(wanted.data, folder);
  const served = join(folder, "served.bin");
  const publish = async (turn: number): Promise<void> => {
    await copyFile(indexes[turn % 2]!, `${served}.tmp`);
    await rename(`${served}.tmp`, served);
  };
  await publish(0);
  const server = await ServerProcess.start(served);
  const faults: string[] = [];
  const memory: number[] = [];
  let requests = 0;
  try {
    for (let turn = 1; turn <= wanted.reloads; turn++) {
      const share = Math.floor((wanted.requests * turn) / wanted.reloads) - requests;
      const [figures, verdict] = await Promise.all([
        runLoadTest(
          {
            url: server.url,
            scenario: "visitors",
            load: { kind: "closed", requests: share, connections: wanted.connections },
            timeout: 30,
            campaigns: undefined,
            expectation: undefined,
          },
          { clock: systemClock, signal },
        ),
        publish(turn).then(() => server.reload()),
      ]);
      signal.throwIfAborted();
      requests += figures.complete;
      if (figures.failed.total > 0) faults.push(`turn ${turn}: ${JSON.stringify(figures.failed.kinds)}`);
      if (figures.violations.total > 0) faults.push(`turn ${turn}: ${JSON.stringify(figures.violations.kinds)}`);
      if (verdict.result !== "replaced") faults.push(`turn ${turn}: ${JSON.stringify(verdict)}`);
      memory.push(await server.residentMemory());
      tell(`${requests} requests, ${turn} reloads, ${mebibytes(memory.at(-1)!)}`);
    }
  } finally {
    const code = await server.stop();
    if (code !== 0) faults.push(`the server ended with ${String(code)}`);
  }
  const early = Math.floor(memory.length / 10);
  return {
    requests,
    reloads: memory.length,
    faults,
    memoryEarly: median(memory.slice(Math.max(0, early - Math.ceil(READINGS / 2)), early + Math.floor(READINGS / 2))),
    memoryLate: median(memory.slice(-READINGS)),
  };
}

/** Of the same data, with its images and without: the same campaigns, and another generation. */
async function buildTwo(data: string, folder: string): Promise<[string, string]> {
  const buildIn = async (name: string, banners: string | undefined): Promise<string> => {
    const out = join(folder, name);
    await build({ data, banners, out, onBadRow: "stop" });
    return join(out, INDEX_FILE);
  };
  return [await buildIn("with-images", join(data, "banners")), await buildIn("without-images", undefined)];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
