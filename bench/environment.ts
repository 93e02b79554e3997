/** Says what the figures of a benchmark hold for: the machine, the day, the versions. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem } from "node:os";
import { join } from "node:path";

export interface Environment {
  readonly processor: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  readonly system: string;
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Ends with `+` where the working tree had changes; undefined outside of a checkout. */
  readonly commit?: string;
}

const ROOT = join(import.meta.dirname, "../..");

export function environment(): Environment {
  const [processor] = cpus();
  const commit = commitOf();
  return {
    processor: processor?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()}, Linux ${release()}`,
    date: new Date().toISOString().slice(0, 10),
    versions: {
      "Node.js": process.versions.node,
      "uWebSockets.js": versionOf("uWebSockets.js"),
      Fastify: versionOf("fastify"),
    },
    ...(commit !== undefined && { commit }),
  };
}

export function machineOf({ processor, cores, memory, system }: Environment): string {
  return `${processor}, ${cores} cores, ${memory} GiB, ${system}`;
}

export function busyLine(): string | undefined {
  const [load = 0] = loadavg();
  if (load < 0.5) return undefined;
  return `this machine is busy (load average ${load.toFixed(1)}): expect noise, and see what the tables say of it`;
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown";
  } catch {
    return "unknown";
  }
}

export function versionOf(name: string): string {
  const text = readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function commitOf(): string | undefined {
  const git = (...args: string[]): string => {
    const { status, stdout } = spawnSync("git", args, { cwd: ROOT, encoding: "utf8" });
    return status === 0 ? stdout.trim() : "";
  };
  const commit = git("rev-parse", "--short=10", "HEAD");
  // A benchmark's own results do not change what it measures.
  const changes = git("status", "--porcelain", "--", ":!bench/results");
  return commit === "" ? undefined : `${commit}${changes === "" ? "" : "+"}`;
}
