/**
 * The programs that some tests need are not installed everywhere. Where they must be, as in CI, PROGRAMS=required makes
 * a missing one a failure.
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
  if (reason !== false && process.env["PROGRAMS"] === "required") throw new Error(`PROGRAMS=required, but ${reason}`);
  return reason;
}
