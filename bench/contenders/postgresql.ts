/** Makes a PostgreSQL cluster of a data folder and its index, and starts its server. */
import { spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { loadIndex } from "../../src/index/load.js";
import { PinnedProcess } from "../measure/pinned-process.js";
import type { FixtureFiles } from "./fixture.js";
import { shownBanners } from "./page.js";
import { requireProgram } from "./programs.js";
import { INDEXES, SCHEMA } from "./ranking.js";

const USER = "billboard";
const START_TIMEOUT_MS = 30_000;

/** Fair to PostgreSQL: all data fit into its memory, and nothing waits for the disk. */
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

export class Cluster {
  readonly address: pg.ClientConfig;
  readonly #fixture: FixtureFiles;
  readonly #folder: string;

  constructor(fixture: FixtureFiles, name: string) {
    this.#fixture = fixture;
    this.#folder = join(fixture.folder, name);
    this.address = { host: this.#folder, user: USER, database: "postgres" };
  }

  start(cores?: readonly number[]): PinnedProcess {
    const args = ["-D", join(this.#folder, "data"), "-k", this.#folder];
    // SIGTERM would wait for clients to leave.
    const program = { command: requireProgram("postgres"), args, ...owner(), stopSignal: "SIGINT" } as const;
    return new PinnedProcess(program, cores);
  }

  async connected(server: PinnedProcess): Promise<pg.Client> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const client = new pg.Client(this.address);
      // A server that is still starting closes the connection.
      client.on("error", () => undefined);
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (server.hasEnded) throw new Error(`postgres: ${server.lastError}`, { cause: error });
        if (performance.now() > deadline) throw new Error("postgres: no response in half a minute", { cause: error });
        await sleep(20);
      }
    }
  }

  async make(): Promise<void> {
    const { uid } = owner();
    await mkdir(this.#folder);
    if (uid !== undefined) {
      await chown(this.#folder, uid, uid);
      await letThrough(this.#fixture.folder);
    }
    const data = join(this.#folder, "data");
    const args = ["-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    const { status, stderr } = spawnSync(requireProgram("initdb"), args, { encoding: "utf8", ...owner() });
    if (status !== 0) throw new Error(`initdb: ${stderr.trim().split("\n").at(-1) ?? ""}`);
    await writeFile(join(data, "postgresql.auto.conf"), CONFIGURATION);
    const server = this.start();
    try {
      await this.#fill(await this.connected(server));
    } finally {
      await server.stop();
    }
  }

  async #fill(client: pg.Client): Promise<void> {
    const { data, index } = this.#fixture;
    await client.query(SCHEMA);
    for (const period of (await readdir(data)).filter((name) => /^\d+$/.test(name)))
      for (const [table, columns] of [
        ["impressions", "banner, campaign"],
        ["clicks", "click, banner, campaign"],
        ["conversions", "conversion, click, revenue"],
      ] as const) {
        if (table !== "conversions") await client.query(`ALTER TABLE ${table} ALTER period SET DEFAULT ${period}`);
        const file = join(data, period, `${table}_${period}.csv`);
        await client.query(`COPY ${table} (${columns}) FROM '${file}' WITH (FORMAT csv, HEADER)`);
      }
    const shown = shownBanners(await loadIndex(index));
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

/** The cluster's server runs as another user, who must reach its data below the temporary folder. */
async function letThrough(folder: string): Promise<void> {
  for (let at = folder; at.startsWith(join(tmpdir(), "/")); at = dirname(at)) await chmod(at, 0o711);
}

/** PostgreSQL refuses to run as root. */
function owner(): { uid?: number } {
  if (process.getuid?.() !== 0) return {};
  const uidOf = (user: string): string => spawnSync("id", ["-u", user], { encoding: "utf8" }).stdout.trim();
  return { uid: Number(uidOf("postgres") || uidOf("nobody")) };
}
