/** Builds of the same events from files and from ClickHouse, side by side. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildReport, FileReport } from "../../../build/report/report.js";
import { BILLBOARD, type Finished } from "../../src/billboard.js";

/** That of `billboard` in deploy/clickhouse/users.xml. */
export const PASSWORD = "try";

/** While it runs, the test goes on: ClickHouse may be reached through it. */
export async function buildFrom(
  out: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = { CLICKHOUSE_PASSWORD: PASSWORD },
): Promise<Finished> {
  const child = spawn(process.execPath, [BILLBOARD, "build", "--out", out, ...words], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => (text[name] += chunk.toString()));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...text };
}

export function indexIn(out: string): string {
  return readFileSync(join(out, "index.bin"), "latin1");
}

/** What became of the rows of each kind. */
export function accountIn(out: string): Pick<FileReport, "kind" | "read" | "used" | "rejected" | "outside">[] {
  const { files } = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as BuildReport;
  return files.map(({ kind, read, used, rejected, ...rest }) => ({
    kind,
    read,
    used,
    rejected,
    ...(rest.outside !== undefined && { outside: rest.outside }),
  }));
}
