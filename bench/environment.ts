/** What the figures of a benchmark hold for: the machine, the day, the versions. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";

export interface Environment {
  readonly processor: string;
  readonly cores: number;
  /** GiB. */
  readonly memory: number;
  /** The system's name and that of its kernel. */
  readonly system: string;
  /** Year, month and day, UTC. */
  readonly date: string;
  /** By name: Node.js and what the server is made of. */
  readonly versions: Readonly<Record<string, string>>;
  /** Of the working tree, with `+` where it had changes; none outside of a checkout. */
  readonly commit?: string;
}

/** Seen from dist/tools/bench/. */
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
      "uWebSockets.js": versionOf("node_modules/uWebSockets.js"),
      Fastify: versionOf("node_modules/fastify"),
    },
    ...(commit !== undefined && { commit }),
  };
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "unknown";
  } catch {
    return "unknown";
  }
}

function versionOf(packageFolder: string): string {
  return (JSON.parse(readFileSync(join(ROOT, packageFolder, "package.json"), "utf8")) as { version: string }).version;
}

function commitOf(): string | undefined {
  const git = (...args: string[]): string => spawnSync("git", args, { cwd: ROOT, encoding: "utf8" }).stdout;
  try {
    const commit = git("rev-parse", "--short=10", "HEAD").trim();
    // What a benchmark writes itself is no change of what it measures.
    const changes = git("status", "--porcelain", "--", ":!bench/results").trim();
    return commit === "" ? undefined : `${commit}${changes === "" ? "" : "+"}`;
  } catch {
    return undefined;
  }
}
