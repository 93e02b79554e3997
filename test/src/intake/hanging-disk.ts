/**
 * Imported into a server: each fdatasync hangs in a call of the system until somebody opens the pipe HANGS to write to
 * it, and says so on standard error.
 */
import { open, type FileHandle } from "node:fs/promises";

const pipe = process.env["HANGS"]!;

const handle = await open(import.meta.filename, "r");
const prototype = Object.getPrototypeOf(handle) as FileHandle;
await handle.close();
prototype.datasync = async () => {
  process.stderr.write("the disk hangs\n");
  await (await open(pipe, "r")).close();
};
