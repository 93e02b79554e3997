/** Billboard itself. */
import { join } from "node:path";
import { PinnedProcess } from "../pinned-process.js";
import type { Contender, Stage } from "./contender.js";
import { runningOf } from "./server-program.js";

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");

/** Billboard with any index. */
export function startBillboard(
  index: string,
  port: number,
  cores: readonly number[],
  { workers = 1, adminPort = 0 } = {},
): PinnedProcess {
  const environment = {
    HOST: "127.0.0.1",
    PORT: String(port),
    ADMIN_HOST: "127.0.0.1",
    ADMIN_PORT: String(adminPort),
    LOG_LEVEL: "silent",
    INDEX_FILE: index,
    WORKERS: String(workers),
  };
  return new PinnedProcess({ command: process.execPath, args: [BILLBOARD, "serve"], environment }, cores);
}

export function billboardOn(index: string, workers = 1): Contender["start"] {
  return (port, cores) => runningOf(startBillboard(index, port, cores, { workers }));
}

export function billboard({ index }: Stage): Contender {
  return { name: "billboard", label: "Billboard", needs: [], start: billboardOn(index) };
}

/** The same server once more: how it differs from itself is what measuring adds. */
export function billboardAgain({ index }: Stage): Contender {
  return { name: "billboard-again", label: "Billboard, again", needs: [], start: billboardOn(index) };
}

/** As it comes: a worker a core. */
export function billboardAllWorkers({ index }: Stage): Contender {
  return {
    name: "billboard-all-workers",
    label: "Billboard, a worker on every core, the generator's too",
    needs: [],
    usesAllCores: true,
    start: (port, cores) => runningOf(startBillboard(index, port, cores, { workers: cores.length })),
  };
}
