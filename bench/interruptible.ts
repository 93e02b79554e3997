/** Has a benchmark end in order at Ctrl-C, and say what it does. */

export interface Interruptible {
  readonly signal: AbortSignal;
  readonly log: (what: string) => void;
}

export function interruptible(reason = "interrupted"): Interruptible {
  const interrupt = new AbortController();
  // Not `once`: a second Ctrl-C would end the process while it removes its files.
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
