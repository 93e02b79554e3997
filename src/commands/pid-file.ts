/** The file by which `make stop` and `make importdata` find the running server. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

/** @throws Error whose message is one line */
export function writePidFile(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`);
  } catch (error) {
    throw new Error(`PID_FILE: ${file} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Removes the file where it is still this process's own. */
export function removePidFile(file: string): void {
  if (readIfThere(file) === `${process.pid}\n`) rmSync(file, { force: true });
}

/**
 * The process that the file names, if it is the server: a process id is used again after its process has ended, so the number alone
 * proves nothing.
 * @param program the path of the server's program, which its command line holds
 */
export function findServer(file: string, program: string): number | undefined {
  const text = readIfThere(file).trim();
  return /^[1-9]\d{0,9}$/.test(text) && commandOf(Number(text)).includes(program) ? Number(text) : undefined;
}

/** The server may remove the file between any two looks at it. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** The words of a process's command line, or none where there is no such process. */
function commandOf(processId: number): string[] {
  try {
    // Linux; elsewhere `ps`, which small Linux images do not have.
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${processId}/cmdline`, "utf8").split("\0");
    return execFileSync("ps", ["-p", String(processId), "-o", "args="], { encoding: "utf8" })
      .trim()
      .split(" ");
  } catch {
    return [];
  }
}
