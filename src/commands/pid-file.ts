/** Writes and reads the pid file, by which commands find the running server: process id, time of its start, address. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { FileError, readFile, replaceFile } from "../options/regular-file.js";

export interface ServerProcess {
  readonly pid: number;
  readonly adminUrl: string;
}

/** The id stands alone in the first line, where systemd reads it. @throws Error whose message is one line */
export function writePidFile(file: string, adminUrl: string): void {
  try {
    // Renamed into place, so that nobody reads half of it.
    replaceFile(file, `${process.pid}\n${startOf(process.pid)}\n${adminUrl}\n`);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof FileError) throw new FileError(`PID_FILE: ${message}`, { cause: error });
    throw new Error(`PID_FILE: ${file} cannot be written: ${message}`, { cause: error });
  }
}

/** Only where the file names this process: another server may have taken it over. */
export function removePidFile(file: string): void {
  if (readPidFile(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Undefined where there is no such file, or the server that it names has ended. */
export function readPidFile(file: string): ServerProcess | undefined {
  const [pid = "", start = "", adminUrl = ""] = textOf(file).split("\n");
  if (!/^[1-9]\d{0,9}$/.test(pid) || start === "" || !URL.canParse(adminUrl)) return undefined;
  // The system uses a process id again, so that the number alone proves nothing.
  return startOf(Number(pid)) === start ? { pid: Number(pid), adminUrl } : undefined;
}

function textOf(file: string): string {
  try {
    return readFile(file).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** As the system writes it; "" where there is no such process. */
function startOf(pid: number): string {
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
