/** Reads a secret from a setting, or from a file that other users can neither read nor change. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { UsageError } from "./options.js";
import type { ValueKind } from "./values.js";

export interface Secret {
  /** That of the setting; the file's is the same with `_FILE` behind it. */
  readonly name: string;
  readonly kind: ValueKind<string>;
  readonly maxLength: number;
}

/** Undefined where neither is set. @throws UsageError */
export function readSecret({ name, kind, maxLength }: Secret, value: string, file: string): string | undefined {
  if (value !== "" && file !== "") throw new UsageError(`${name} and ${name}_FILE are both set: keep one`);
  if (file === "") return value === "" ? undefined : value;
  // Two bytes for a line end, and one by which a longer file shows.
  const line = readSecretFile(`${name}_FILE`, file, maxLength + 3).replace(/\r?\n$/, "");
  if (line === "" || kind.parse(line) === undefined)
    throw new UsageError(`${name}_FILE: ${file} must hold one line: ${kind.allowed}`);
  return line;
}

/** Returns its first `maxBytes` bytes, each as one character. `name` is what the user gave. @throws UsageError */
export function readSecretFile(name: string, file: string, maxBytes: number): string {
  let descriptor;
  try {
    // A pipe would make the start wait for a writer.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error("it is no file");
    // Windows has no such modes: Node.js says there that everybody may do everything.
    if (process.platform !== "win32" && (stat.mode & 0o007) !== 0)
      throw new Error("other users may read or change it; `chmod o= FILE` keeps them off");
    const bytes = Buffer.alloc(maxBytes);
    return bytes.toString("latin1", 0, readSync(descriptor, bytes));
  } catch (error) {
    const reason = (error as Error).message.replace("FILE", () => file);
    throw new UsageError(`${name}: ${file} is not taken: ${reason}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
