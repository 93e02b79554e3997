/** The files of deploy/, and what a test has to replace in them to run them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const OUTPUT = join(import.meta.dirname, "../..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");

export const DEPLOY = join(ROOT, "deploy");

export function shipped(name: string): string {
  return readFileSync(join(DEPLOY, name), "utf8");
}

/** Without its comments, for both nginx and HAProxy. */
export function settingsOf(text: string): string {
  return text.replace(/^\s*#.*\n/gm, "");
}

/**
 * With a line that is there as a comment in force.
 * @throws Error where there is none
 */
export function uncommented(text: string, ...lines: readonly string[]): string {
  return substituted(text, Object.fromEntries(lines.map((line) => [`# ${line}`, line])));
}

/**
 * Replaces each text wherever it stands.
 * @throws Error where one does not occur: what is tested would not be what is meant
 */
export function substituted(text: string, replacements: Readonly<Record<string, string>>): string {
  let result = text;
  for (const [from, to] of Object.entries(replacements)) {
    if (!result.includes(from)) throw new Error(`the shipped configuration has no "${from}"`);
    result = result.replaceAll(from, to);
  }
  return result;
}
