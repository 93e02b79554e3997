/** The figures of a soak to its verdict and the text for people. */

export interface SoakFigures {
  readonly requests: number;
  readonly reloads: number;
  /** What went wrong: empty where nothing did. */
  readonly faults: readonly string[];
  /** Bytes: after the first tenth, and at the end. */
  readonly memoryEarly: number;
  readonly memoryLate: number;
}

/** How much more memory the end may take than the first tenth. */
const MOST_GROWTH = 1.1;

export function hasPassed({ faults, memoryEarly, memoryLate }: SoakFigures): boolean {
  return faults.length === 0 && memoryLate <= memoryEarly * MOST_GROWTH;
}

export function summary(figures: SoakFigures): string {
  const { requests, reloads, faults, memoryEarly, memoryLate } = figures;
  const growth = (memoryLate / memoryEarly).toFixed(3);
  return [
    `requests        ${requests}`,
    `reloads         ${reloads}`,
    `memory          ${mebibytes(memoryEarly)} after the first tenth, ${mebibytes(memoryLate)} at the end: ${growth} times`,
    ...faults.map((fault) => `fault           ${fault}`),
    `verdict         ${hasPassed(figures) ? "passed" : "failed"}\n`,
  ].join("\n");
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
