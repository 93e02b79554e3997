/** Starts a server whose descriptors are few and whose log soon finds its disk full. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const BILLBOARD = join(import.meta.dirname, "../../bin/billboard.js");
const FAULT = pathToFileURL(join(import.meta.dirname, "fault.js")).href;
const MAX_FILES = 256;
/** Blocks of 512 bytes, which the access log fills in seconds. */
const MAX_LOG_BLOCKS = 128;
const STOP_MS = 20_000;

export function start(files: Readonly<Record<"INDEX_FILE" | "LOG" | "GO_ON", string>>): ChildProcess {
  const address = { HOST: "127.0.0.1", PORT: "0", ADMIN_HOST: "127.0.0.1", ADMIN_PORT: "0" };
  const faults = { NODE_OPTIONS: `--import=${FAULT}`, FAULT: "hold", ACCESS_LOG_SAMPLE: "0.2" };
  const limits = `ulimit -n ${MAX_FILES}; ulimit -f ${MAX_LOG_BLOCKS}`;
  return spawn("sh", ["-c", `${limits}; exec "$@" >>"$LOG"`, "sh", process.execPath, BILLBOARD, "serve"], {
    env: { ...process.env, ...address, ...faults, ...files },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export async function endOf(server: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(server, "exit")) as [number | null, NodeJS.Signals];
  return code ?? signal;
}

export async function ready(server: ChildProcess, logFile: string): Promise<Readonly<Record<string, unknown>>> {
  while (server.exitCode === null) {
    await sleep(50);
    const lines = existsSync(logFile) ? readFileSync(logFile, "utf8").split("\n") : [];
    const line = lines.find((each) => each.includes('"event":"ready"') && each.endsWith("}"));
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>;
  }
  throw new Error("the server has ended before it served");
}

export async function stop(server: ChildProcess, ended: Promise<number | NodeJS.Signals>): Promise<number | string> {
  server.kill("SIGTERM");
  const timer = setTimeout(() => server.kill("SIGKILL"), STOP_MS);
  const code = await ended;
  clearTimeout(timer);
  return code;
}
