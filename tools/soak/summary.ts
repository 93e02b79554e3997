/** Writes the figures of a soak as text for people, and says whether it passed. */

export interface SoakFigures {
  readonly requests: number;
  readonly reloads: number;
  readonly errors: readonly string[];
  /** Bytes: after the first tenth, and at the end. */
  readonly memoryEarly: number;
  readonly memoryLate: number;
}

/** How much more memory the end may take than the first tenth. */
const MAX_GROWTH = 1.1;

export function hasPassed({ errors, memoryEarly, memoryLate }: SoakFigures): boolean {
  return errors.length === 0 && memoryLate <= memoryEarly * MAX_GROWTH;
}

export function summary(figures: SoakFigures): string {
  const { requests, reloads, errors, memoryEarly, memoryLate } = figures;
  const growth = (memoryLate / memoryEarly).toFixed(3);
  return [
    `requests        ${requests}`,
    `reloads         ${reloads}`,
    `memory          ${mebibytes(memoryEarly)} after the first tenth, ${mebibytes(memoryLate)} at the end: ${growth} times`,
    ...errors.map((error) => `error           ${error}`),
    `result          ${hasPassed(figures) ? "passed" : "failed"}\n`,
  ].join("\n");
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
