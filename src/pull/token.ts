/** Reads the token that is sent to the server from which the index comes, or to which it goes. */
import { readSecret } from "../options/secret.js";
import type { ValueKind } from "../options/values.js";

const MAX_LENGTH = 4096;
/** Fits a header as it is. */
const FORM = /^[\x21-\x7e]{1,4096}$/;

/** Empty where there is none. */
export const INDEX_TOKEN: ValueKind<string> = {
  placeholder: "TOKEN",
  allowed: `1 to ${MAX_LENGTH} letters, digits and signs of ASCII, without blanks`,
  parse: (text) => (text === "" || FORM.test(text) ? text : undefined),
};

export interface IndexTokenSettings {
  readonly INDEX_TOKEN: string;
  readonly INDEX_TOKEN_FILE: string;
}

/** Undefined where none is set. @throws UsageError */
export function readIndexToken({ INDEX_TOKEN: token, INDEX_TOKEN_FILE: file }: IndexTokenSettings): string | undefined {
  return readSecret({ name: "INDEX_TOKEN", kind: INDEX_TOKEN, maxLength: MAX_LENGTH }, token, file);
}
