/**
 * The programs that some tests need are not installed everywhere. Where they must be, as in CI, PROGRAMS=required makes
 * a missing one a failure, but for those that PROGRAMS_ABSENT names: a system has them not.
 */
import { findProgram } from "../bench/contenders/programs.js";

/**
 * Why a test that needs these programs cannot be made here, or `false`: tap's option `skip`.
 * @throws Error in place of a reason where PROGRAMS=required
 */
export function missing(...names: string[]): string | false {
  const absent = names.filter((name) => findProgram(name) === undefined);
  const reason =
    process.platform !== "linux"
      ? "only on Linux are there clients of many addresses, and processes on cores of their own"
      : absent.length > 0 && `not installed: ${absent.join(", ")}`;
  return permitted(reason, absent);
}

/** Today's ClickHouse is a package of npm, and too large to be one of ours: CHDB names its folder. */
export function missingChdb(): string | false {
  const isThere = process.env["CHDB"] !== undefined;
  return permitted(!isThere && "CHDB is not set: CHDB=$(.ci/install-chdb) names the folder of the package chdb", [
    "chdb",
  ]);
}

/** @throws Error */
function permitted(reason: string | false, absent: readonly string[]): string | false {
  const { PROGRAMS, PROGRAMS_ABSENT = "" } = process.env;
  const isKnown = absent.length > 0 && absent.every((name) => PROGRAMS_ABSENT.split(",").includes(name));
  if (reason !== false && PROGRAMS === "required" && !isKnown) throw new Error(`PROGRAMS=required, but ${reason}`);
  return reason;
}
