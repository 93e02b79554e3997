/** Describes the option that names the folders in which servers record. */
import { resolve } from "node:path";
import { UsageError } from "../../src/options/options.js";
import { FOLDER } from "../../src/options/values.js";

export const RECORD_OPTION = {
  ...FOLDER,
  repeated: true,
  help: "folder in which a server records, one for each server (the one that RECORD names)",
} as const;

/** @throws UsageError where neither the option nor the variable names one, or one is named twice */
export function recordFolders(given: readonly string[]): readonly string[] {
  const twice = given.find((folder, at) => given.slice(0, at).some((other) => resolve(other) === resolve(folder)));
  if (twice !== undefined) throw new UsageError(`--record: ${twice} is given twice`);
  if (given.length > 0) return given;
  const folder = process.env["RECORD"] ?? "";
  if (folder === "") throw new UsageError("--record: missing, expected the folder in which a server records");
  return [folder];
}
