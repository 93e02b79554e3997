/** Writes and reads the pid file, by which commands find the running server: process id, time of its start, address. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { FileError, readFile, replaceFile } from "../options/regular-file.js";

/** A server that runs. */
export interface ServerProcess {
  readonly pid: number;
  /** Of its administration port, without a slash at the end. */
  readonly adminUrl: string;
}

/**
 * Names this process. The id stands alone in the first line, where systemd reads it.
 * @throws Error whose message is one line
 */
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

/** Removes the file where it names this process: another server may have taken it over. */
export function removePidFile(file: string): void {
  if (readPidFile(file)?.pid === process.pid) rmSync(file, { force: true });
}

/** Returns undefined where the server that the file names has ended, or where there is no such file. */
export function readPidFile(file: string): ServerProcess | undefined {
  const [pid = "", start = "", adminUrl = ""] = textOf(file).split("\n");
  if (!/^[1-9]\d{0,9}$/.test(pid) || start === "" || !URL.canParse(adminUrl)) return undefined;
  // A process id is used again after its process has ended, so that the number alone proves nothing.
  return startOf(Number(pid)) === start ? { pid: Number(pid), adminUrl } : undefined;
}

function textOf(file: string): string {
  try {
    return readFile(file).toString();
  } catch (error) {
    // The server may remove the file between any two looks at it.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** When a process was started, in the words of the system, or "" where there is no such process. */
function startOf(pid: number): string {
  try {
    return existsSync("/proc/self/stat") ? startInProc(pid) : startByPs(pid);
  } catch {
    // Neither /proc nor `ps` knows the process.
    return "";
  }
}

/** Field 22 of proc_pid_stat(5): clock ticks since the machine was started. */
function startInProc(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name in brackets, which may itself hold blanks and brackets.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const hasEnded = state === "Z" || state === "X";
  return hasEnded ? "" : fields[18]!;
}

/** In one time zone and language, whoever asks. */
function startByPs(pid: number): string {
  const words = ["TZ=UTC", "LC_ALL=C", "ps", "-o", "lstart=", "-p", String(pid)];
  return execFileSync("env", words, { encoding: "utf8" }).trim();
}
