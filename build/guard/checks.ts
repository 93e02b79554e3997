/** Names the checks of a build, and describes those that failed: it runs in browsers too. */

export const CHECKS = [
  "periods",
  "empty-period",
  "lost-cells",
  "rejected",
  "orphans",
  "missing-files",
  "expected",
] as const;
export type Check = (typeof CHECKS)[number];

export interface Finding {
  readonly name: Check;
  readonly text: string;
  readonly accepted: boolean;
}
