/** The design that Billboard replaces: Fastify asks PostgreSQL for the ranking, at every request or where memcached has it not. */
import { freePort } from "../first-answer.js";
import { PinnedProcess } from "../pinned-process.js";
import { Cluster, stopServer, type ClusterAddress } from "./cluster.js";
import type { Contender, Running, Stage } from "./contender.js";
import { requireProgram } from "./programs.js";
import { runningOf, startProgram, type ServerTask } from "./server-program.js";

export interface DatabaseTask extends ServerTask {
  readonly database: ClusterAddress;
  /** The port of memcached, where there is one. */
  readonly cache?: number;
}

const POSTGRESQL = ["postgres", "initdb"];
/** Megabytes; all rankings take less than one. */
const CACHE_SIZE = 64;

/** Each with a cluster of its own, as both are there at the same time. */
export function databases(stage: Stage): readonly Contender[] {
  const cluster = new Cluster(stage, "postgresql");
  const cachedCluster = new Cluster(stage, "postgresql-cached");
  return [
    {
      name: "database",
      label: "Fastify, PostgreSQL at every request",
      needs: POSTGRESQL,
      prepare: () => cluster.make(),
      start: (port, cores) => start(cluster, stage, port, cores),
    },
    {
      name: "database-cached",
      label: "Fastify, PostgreSQL, memcached",
      needs: [...POSTGRESQL, "memcached"],
      prepare: () => cachedCluster.make(),
      start: async (port, cores) => start(cachedCluster, stage, port, cores, await freePort()),
    },
  ];
}

async function start(
  cluster: Cluster,
  { index }: Stage,
  port: number,
  cores: readonly number[],
  cache?: number,
): Promise<Running> {
  const postgres = cluster.start(cores);
  const memcached = cache === undefined ? [] : [startMemcached(cache, cores)];
  const told = { database: cluster.address, ...(cache !== undefined && { cache }) };
  const server = await startProgram("database-server", { port, index }, cores, told);
  const front = runningOf(server, ...memcached);
  return {
    processes: [...front.processes, postgres],
    stop: async () => {
      await front.stop();
      await stopServer(postgres);
    },
  };
}

function startMemcached(port: number, cores: readonly number[]): PinnedProcess {
  const asRoot = process.getuid?.() === 0 ? ["-u", "root"] : [];
  const args = ["-l", "127.0.0.1", "-p", String(port), "-U", "0", "-m", String(CACHE_SIZE), "-t", "1", ...asRoot];
  return new PinnedProcess({ command: requireProgram("memcached"), args }, cores);
}
