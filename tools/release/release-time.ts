/** Tells the time that the files of a release bear, so that it depends on the commit alone. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dateOf } from "./changelog.js";

/**
 * Seconds since 1970: midnight of the day in the changelog's section; before there is one, the time of the last commit.
 * SOURCE_DATE_EPOCH wins: https://reproducible-builds.org/specs/source-date-epoch/.
 */
export function releaseTime(root: string, version: string): number {
  const given = process.env["SOURCE_DATE_EPOCH"] ?? "";
  if (/^\d+$/.test(given)) return Number(given);
  const date = dateOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version);
  if (date !== undefined) return Date.parse(`${date}T00:00:00Z`) / 1000;
  return Number(execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: root, encoding: "utf8" }));
}
