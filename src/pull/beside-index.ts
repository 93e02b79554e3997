/** Reads what is common to the small files beside an index: one line of JSON, with the digest that it is for. */
import { closeSync, readSync } from "node:fs";
import { openFile } from "../options/regular-file.js";

/** The whole checksum of an index, as `Index.digest` has it. */
export const DIGEST = /^[0-9a-f]{64}$/;

/** The object that the text is; undefined where it is none. */
export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    // What the parser says quotes the text, which may have any length and any character: the caller says it shorter.
    return undefined;
  }
}

/** No more than one byte beyond `maxBytes`, by which a longer one shows; undefined where there is none. */
export function readBeside(file: string, maxBytes: number): string | undefined {
  let descriptor;
  try {
    descriptor = openFile(file);
    const bytes = Buffer.alloc(maxBytes + 1);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
