/** A data folder and its index to a PostgreSQL cluster that holds the events, and its server. */
import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { shownBanner } from "../../src/response/image.js";
import { Catalog } from "../../src/index/catalog.js";
import { loadIndex } from "../../src/index/load.js";
import { BANNER_PATH } from "../../src/response/image.js";
import { usableCores } from "../cores.js";
import { PinnedProcess } from "../pinned-process.js";
import type { Stage } from "./contender.js";
import { requireProgram } from "./programs.js";
import { INDEXES, SCHEMA } from "./ranking.js";

const USER = "billboard";
/** How long its server may take to come up. Milliseconds. */
const PATIENCE = 30_000;

/** All data fit into its memory, and nothing waits for the disk. */
const CONFIGURATION = `
listen_addresses = ''
max_connections = 50
shared_buffers = 512MB
effective_cache_size = 1GB
work_mem = 32MB
random_page_cost = 1.1
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
jit = off
max_parallel_workers_per_gather = 0
`;

/** How to reach the server of a cluster. */
export interface ClusterAddress {
  /** The folder of its socket. */
  readonly host: string;
  readonly user: string;
  readonly database: string;
}

export class Cluster {
  readonly address: ClusterAddress;
  readonly #stage: Stage;
  readonly #folder: string;
  #made: Promise<void> | undefined;

  /** @param name of its folder in the stage's */
  constructor(stage: Stage, name: string) {
    this.#stage = stage;
    this.#folder = join(stage.folder, name);
    this.address = { host: this.#folder, user: USER, database: "postgres" };
  }

  /** Makes it and fills it, once. */
  make(): Promise<void> {
    return (this.#made ??= this.#make());
  }

  start(cores: readonly number[]): PinnedProcess {
    const args = ["-D", join(this.#folder, "data"), "-k", this.#folder];
    return new PinnedProcess({ command: requireProgram("postgres"), args, ...ownerOf() }, cores);
  }

  async #make(): Promise<void> {
    const { uid } = ownerOf();
    await mkdir(this.#folder);
    if (uid !== undefined) {
      await chown(this.#folder, uid, uid);
      await letThrough(this.#stage.folder);
    }
    const data = join(this.#folder, "data");
    const args = ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    const { status, stderr } = spawnSync(requireProgram("initdb"), args, { encoding: "utf8", ...ownerOf() });
    if (status !== 0) throw new Error(`initdb: ${stderr.trim().split("\n").at(-1) ?? ""}`);
    await writeFile(join(data, "postgresql.auto.conf"), CONFIGURATION);
    const server = this.start(usableCores().all);
    try {
      await this.#fill(await this.connected(server));
    } finally {
      await stopServer(server);
    }
  }

  /** Asks until the server answers. */
  async connected(server: PinnedProcess): Promise<pg.Client> {
    const deadline = performance.now() + PATIENCE;
    for (;;) {
      const client = new pg.Client(this.address);
      // A server that is yet to come up closes the connection.
      client.on("error", () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (server.hasEnded) throw new Error(`postgres: ${server.complaint}`, { cause: error });
        if (performance.now() > deadline) throw new Error("postgres: no answer in half a minute", { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async #fill(client: pg.Client): Promise<void> {
    const { data, index } = this.#stage;
    await client.query(SCHEMA);
    for (const period of (await readdir(data)).filter((name) => /^\d+$/.test(name))) {
      for (const table of ["impressions", "clicks", "conversions"]) {
        if (table !== "conversions") await client.query(`ALTER TABLE ${table} ALTER period SET DEFAULT ${period}`);
        const columns = table === "conversions" ? "conversion, click, revenue" : "banner, campaign";
        const ids = table === "clicks" ? "click, " : "";
        const file = join(data, period, `${table}_${period}.csv`);
        await client.query(`COPY ${table} (${ids}${columns}) FROM '${file}' WITH (FORMAT csv, HEADER)`);
      }
    }
    const catalog = new Catalog(await loadIndex(index));
    const shown = Array.from(catalog.index.bannerIds, (_, place) => shownBanner(catalog, place, BANNER_PATH));
    await client.query("INSERT INTO banners SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::int[])", [
      shown.map(({ id }) => id),
      shown.map(({ imageUrl }) => imageUrl),
      shown.map(({ width }) => width),
      shown.map(({ height }) => height),
    ]);
    await client.query(INDEXES);
    await client.query("VACUUM (FREEZE, ANALYZE)");
    await client.end();
  }
}

/** At once, without waiting for its clients to leave. */
export function stopServer(server: PinnedProcess): Promise<void> {
  return server.stop("SIGINT");
}

/** Has other users come through a temporary folder, to the cluster and to the data in it. */
async function letThrough(folder: string): Promise<void> {
  for (let at = folder; at.startsWith(join(tmpdir(), "/")); at = dirname(at)) await chmod(at, 0o711);
}

/** PostgreSQL refuses to run as root. */
function ownerOf(): { uid?: number } {
  if (process.getuid?.() !== 0) return {};
  const { stdout } = spawnSync("id", ["-u", "postgres"], { encoding: "utf8" });
  const { stdout: nobody } = spawnSync("id", ["-u", "nobody"], { encoding: "utf8" });
  return { uid: Number(stdout.trim() || nobody.trim()) };
}
