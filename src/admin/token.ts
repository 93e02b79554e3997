/** Reads the token of the administration port, and compares with it what is sent. */
import { createHash, timingSafeEqual } from "node:crypto";
import { readSecret } from "../options/secret.js";
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
  return readSecret({ name: "ADMIN_TOKEN", kind: TOKEN, maxLength: MAX_LENGTH }, token, file);
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The test takes the same time for every wrong token. */
export function tokenTest(token: string): (sent: string) => boolean {
  const hash = hashOf(token);
  return (sent) => timingSafeEqual(hashOf(sent), hash);
}
