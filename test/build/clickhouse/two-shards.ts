/** Two shards of ClickHouse by the files of deploy/clickhouse/, on free ports, with their data in the test's folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../tools/free-port.js";
import { shipped } from "../../deploy/shipped.js";
import { requireProgram } from "../../../bench/contenders/programs.js";
import { query } from "./clickhouse-query.js";
import { CutProxy } from "./cut-proxy.js";

/** Its statements. */
export const SCHEMA = shipped("clickhouse/schema.sql").replace(/--.*/g, "").split(";").slice(0, -1);

interface Shard {
  readonly process: ChildProcess;
  readonly http: number;
}

export class TwoShards {
  private constructor(
    readonly shards: readonly [Shard, Shard],
    /** On the way from the first to the second. */
    readonly proxy: CutProxy,
  ) {}

  static async start(folder: string): Promise<TwoShards> {
    const tcp = [await freePort(), await freePort()] as const;
    const proxy = await CutProxy.start(tcp[1]);
    // Each finds itself by its own port, and the second is found through the proxy.
    const ports = [
      { SHARD_1_PORT: String(tcp[0]), SHARD_2_PORT: String(proxy.port) },
      { SHARD_1_PORT: String(tcp[0]), SHARD_2_PORT: String(tcp[1]) },
    ] as const;
    const first = await startShard(join(folder, "1"), tcp[0], ports[0]);
    const second = await startShard(join(folder, "2"), tcp[1], ports[1]);
    const shards = new TwoShards([first, second], proxy);
    for (const { http } of shards.shards) for (const statement of SCHEMA) await query(http, statement);
    return shards;
  }

  /** Of the first shard, which the build asks. */
  get http(): number {
    return this.shards[0].http;
  }

  get address(): string {
    return `http://billboard@127.0.0.1:${this.http}/billboard`;
  }

  /** Through the Distributed table of that name. */
  async insert(table: string, columns: string, rows: readonly (readonly unknown[])[]): Promise<void> {
    await insertRows(this.http, table, columns, rows);
  }

  async killSecond(): Promise<void> {
    await kill(this.shards[1].process);
  }

  async stop(): Promise<void> {
    for (const { process } of this.shards) await kill(process);
    await this.proxy.close();
  }
}

export async function insertRows(
  port: number,
  table: string,
  columns: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const body = rows.map((row) => `${row.map(String).join("\t")}\n`).join("");
  await query(port, `INSERT INTO billboard.${table} (${columns}) FORMAT TabSeparated`, body);
}

async function startShard(
  folder: string,
  tcp: number,
  ports: Readonly<Record<"SHARD_1_PORT" | "SHARD_2_PORT", string>>,
): Promise<Shard> {
  mkdirSync(folder, { recursive: true });
  for (const name of ["shard.xml", "users.xml"]) writeFileSync(join(folder, name), shipped(`clickhouse/${name}`));
  const http = await freePort();
  const env = {
    ...process.env,
    ...ports,
    HTTP_PORT: String(http),
    TCP_PORT: String(tcp),
    INTERSERVER_PORT: String(await freePort()),
    DATA: join(folder, "data/"),
    TMP_DATA: join(folder, "tmp/"),
  };
  const shard = spawn(requireProgram("clickhouse-server"), [`--config-file=${join(folder, "shard.xml")}`], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(join(folder, "log"));
  shard.stdout.pipe(log);
  shard.stderr.pipe(log);
  for (;;) {
    try {
      await query(http, "SELECT 1");
      return { process: shard, http };
    } catch (error) {
      if (shard.exitCode !== null) throw new Error(readFileSync(join(folder, "log"), "utf8"), { cause: error });
      await sleep(50);
    }
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGKILL");
  await closed;
}
