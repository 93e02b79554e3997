/** Describes a build that the guard refuses. */
import { counted } from "../../src/index/wording.js";
import { refusal } from "../guard/findings.js";
import { DataError } from "../read/data-error.js";
import type { BuildReport } from "./report.js";

export class RefusedError extends DataError {
  constructor(readonly report: BuildReport) {
    const names = [...new Set(refused(report).map(({ name }) => name))];
    super(
      `${counted(names.length, "check")} failed, nothing is published: correct the data, or publish all the same with ` +
        `--accept ${names.join(",")}`,
    );
  }

  /** One for each check that failed; for `expected`, one for each figure. */
  get lines(): string[] {
    return refused(this.report).map(refusal);
  }
}

function refused({ findings }: BuildReport): BuildReport["findings"] {
  return findings.filter(({ accepted }) => !accepted);
}
