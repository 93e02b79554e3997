/** Reads the token that a port asks for, and compares with it what is sent. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
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

/** Of the setting `name`, or of the file of `name` and `_FILE`; undefined where neither is set. @throws UsageError */
export function readPortToken(name: string, token: string, file: string): string | undefined {
  return readSecret({ name, kind: TOKEN, maxLength: MAX_LENGTH }, token, file);
}

/** Goes with a 401. */
export const CHALLENGE = { "WWW-Authenticate": 'Bearer realm="billboard"' };

/** Of the header `Authorization: Bearer TOKEN`. */
export function bearerTokenIn({ headers }: IncomingMessage): string | undefined {
  return /^bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
}

const hashOf = (text: string): Buffer => createHash("sha256").update(text).digest();

/** The test takes the same time for every wrong token. */
export function tokenTest(token: string): (sent: string) => boolean {
  const hash = hashOf(token);
  return (sent) => timingSafeEqual(hashOf(sent), hash);
}
