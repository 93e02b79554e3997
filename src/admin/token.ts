/** Reads the token of the administration port, and compares with it what is sent. */
import { createHash, timingSafeEqual } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { UsageError } from "../options/options.js";
import type { ValueKind } from "../options/values.js";

const MAX_LENGTH = 1024;
/** Fits a header as it is. */
const FORM = /^[\x21-\x7e]{16,1024}$/;

/** Empty where there is none. */
export const TOKEN: ValueKind<string> = {
  placeholder: "TOKEN",
  allowed: `16 to ${MAX_LENGTH} letters, digits and signs of ASCII, without blanks`,
  parse: (text) => (text === "" || FORM.test(text) ? text : undefined),
};

export interface TokenSettings {
  readonly ADMIN_TOKEN: string;
  readonly ADMIN_TOKEN_FILE: string;
}

/** Undefined where none is set. @throws UsageError */
export function readToken({ ADMIN_TOKEN: token, ADMIN_TOKEN_FILE: file }: TokenSettings): string | undefined {
  if (token !== "" && file !== "") throw new UsageError("ADMIN_TOKEN and ADMIN_TOKEN_FILE are both set: keep one");
  if (file === "") return token === "" ? undefined : token;
  const line = readSecret(file).replace(/\r?\n$/, "");
  if (!FORM.test(line)) throw new UsageError(`ADMIN_TOKEN_FILE: ${file} must hold one line: ${TOKEN.allowed}`);
  return line;
}

function readSecret(file: string): string {
  let descriptor;
  try {
    // A pipe would make the start wait for a writer.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new Error("it is no file");
    // Windows has no such modes: Node.js says there that everybody may do everything.
    if (process.platform !== "win32" && (stat.mode & 0o007) !== 0)
      throw new Error("other users may read or change it; `chmod o= FILE` keeps them off");
    const bytes = Buffer.alloc(MAX_LENGTH + 3);
    return bytes.toString("latin1", 0, readSync(descriptor, bytes));
  } catch (error) {
    const reason = (error as Error).message.replace("FILE", file);
    throw new UsageError(`ADMIN_TOKEN_FILE: ${file} is not taken: ${reason}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The test takes the same time for every wrong token. */
export function tokenTest(token: string): (sent: string) => boolean {
  const hash = hashOf(token);
  return (sent) => timingSafeEqual(hashOf(sent), hash);
}
