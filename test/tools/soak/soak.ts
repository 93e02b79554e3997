/** Runs a soak as people do. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { bareProgram } from "../../src/billboard.js";

const PROGRAM = join(import.meta.dirname, "../../../tools/soak/soak.js");

/** Without the instruments of the test runner: they keep what they count in memory, which is what is measured. */
export async function soak(
  folder: string,
  ...options: string[]
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const [program, ...words] = bareProgram(PROGRAM);
  const env = { ...process.env, TMPDIR: folder, WORKERS: "2", TIME_ZONE: "UTC" };
  const child = spawn(program, [...words, ...options], { env });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [unknown];
  return { code, stdout, stderr };
}
