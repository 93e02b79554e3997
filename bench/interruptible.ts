/** Has a benchmark end in order at Ctrl-C, and say what it does. */

export interface Interruptible {
  readonly signal: AbortSignal;
  /** Writes what begins to standard error, with the seconds since the start. */
  readonly log: (what: string) => void;
}

export function interruptible(reason = "interrupted"): Interruptible {
  const interrupt = new AbortController();
  // For good: a second Ctrl-C would leave what is being removed already.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      interrupt.abort(new Error(reason));
    });
  const began = performance.now();
  const log = (what: string): void => {
    process.stderr.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}\n`);
  };
  return { signal: interrupt.signal, log };
}
