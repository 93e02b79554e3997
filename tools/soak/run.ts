/** Runs a soak, a server that is asked and reloaded for a long time, and says whether it passed. */
import { copyFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../load-test/clock.js";
import { runLoadTest } from "../load-test/run.js";
import { ServerProcess } from "../server-process.js";
import { buildIndexes } from "./indexes.js";

/** One reading alone may have caught the garbage collector before its work or after. */
const READINGS = 5;
const MAX_GROWTH = 1.1;

export interface SoakFigures {
  readonly requests: number;
  readonly reloads: number;
  readonly errors: readonly string[];
  /** Bytes: after the first tenth, and at the end. */
  readonly memoryEarly: number;
  readonly memoryLate: number;
}

interface Soak {
  readonly requests: number;
  readonly reloads: number;
  readonly connections: number;
  readonly data: string;
}

export interface Surroundings {
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly log: (progress: string) => void;
}

export async function runSoak(soak: Soak, { folder, signal, log }: Surroundings): Promise<SoakFigures> {
  const { files, campaigns } = await buildIndexes(soak.data, folder);
  const served = join(folder, "served.bin");
  const publish = async (turn: number): Promise<void> => {
    await copyFile(files[turn % 2]!, `${served}.tmp`);
    await rename(`${served}.tmp`, served);
  };
  await publish(0);
  const server = await ServerProcess.start(served);
  const errors: string[] = [];
  const memory: number[] = [];
  let requests = 0;
  try {
    for (let turn = 1; turn <= soak.reloads; turn++) {
      const share = Math.floor((soak.requests * turn) / soak.reloads) - requests;
      const load = { kind: "closed", requests: share, connections: soak.connections } as const;
      const [{ complete, failed, violations }, reloaded] = await Promise.all([
        runLoadTest(
          { url: server.url, scenario: "visitors", load, timeout: 30, campaigns },
          { clock: systemClock, signal },
        ),
        publish(turn).then(() => server.reload()),
      ]);
      signal.throwIfAborted();
      requests += complete;
      for (const { total, kinds } of [failed, violations])
        if (total > 0) errors.push(`turn ${turn}: ${JSON.stringify(kinds)}`);
      if (reloaded.result !== "replaced") errors.push(`turn ${turn}: ${JSON.stringify(reloaded)}`);
      memory.push(await server.residentMemory());
      log(`${requests} requests, ${turn} reloads, ${mebibytes(memory.at(-1)!)}`);
    }
  } finally {
    const code = await server.stop();
    if (code !== 0) errors.push(`the server ended with ${String(code)}`);
  }
  const early = Math.floor(memory.length / 10);
  return {
    requests,
    reloads: memory.length,
    errors,
    memoryEarly: median(memory.slice(Math.max(0, early - Math.ceil(READINGS / 2)), early + Math.floor(READINGS / 2))),
    memoryLate: median(memory.slice(-READINGS)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

export function hasPassed({ errors, memoryEarly, memoryLate }: SoakFigures): boolean {
  return errors.length === 0 && memoryLate <= memoryEarly * MAX_GROWTH;
}

export function summary(figures: SoakFigures): string {
  const { requests, reloads, errors, memoryEarly, memoryLate } = figures;
  const growth = (memoryLate / memoryEarly).toFixed(3);
  return [
    `requests        ${requests}`,
    `reloads         ${reloads}`,
    `memory          ${mebibytes(memoryEarly)} after the first tenth, ${mebibytes(memoryLate)} at the end: ${growth} times`,
    ...errors.map((error) => `error           ${error}`),
    `result          ${hasPassed(figures) ? "passed" : "failed"}\n`,
  ].join("\n");
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
