/** Reads when a process started, by which it is told from a later one that has the same id. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** As the system writes it; "" where there is no such process, or the system does not tell. */
export function startOf(pid: number): string {
  try {
    return existsSync("/proc/self/stat") ? startInProc(pid) : startByPs(pid);
  } catch {
    return "";
  }
}

/** Field 22 of proc_pid_stat(5): clock ticks since the machine was started. */
function startInProc(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name in brackets, which may have blanks and brackets of its own.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const hasEnded = state === "Z" || state === "X";
  return hasEnded ? "" : fields[18]!;
}

/** In one time zone and language, so that two readings of one start are equal. */
function startByPs(pid: number): string {
  const words = ["TZ=UTC", "LC_ALL=C", "ps", "-o", "lstart=", "-p", String(pid)];
  return execFileSync("env", words, { encoding: "utf8" }).trim();
}
