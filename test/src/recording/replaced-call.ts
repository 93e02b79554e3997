/** Stands in for the system's calls on files that are open. */
import { open, type FileHandle } from "node:fs/promises";
import type { Test } from "tap";

type Call = "write" | "datasync" | "truncate";

/** Puts another in the place of a call of all open files, until the test ends. */
export async function replaceCall(
  t: Test,
  call: Call,
  replacement: (original: () => Promise<unknown>) => unknown,
): Promise<void> {
  const handle = await open(import.meta.filename, "r");
  const prototype = Object.getPrototypeOf(handle) as Record<Call, (...words: unknown[]) => Promise<unknown>>;
  await handle.close();
  const original = prototype[call];
  prototype[call] = function (this: FileHandle, ...words) {
    return new Promise((resolve) => {
      resolve(replacement(() => original.apply(this, words)));
    });
  };
  t.teardown(() => (prototype[call] = original));
}
