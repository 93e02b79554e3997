/** Writes and reads the pid file, by which commands find the running server: process id, time of its start, address. */
import { rmSync } from "node:fs";
import { startOf } from "../options/process-start.js";
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
