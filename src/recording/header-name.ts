/** Reads the name of a header that a setting gives. */
import type { ValueKind } from "../options/values.js";

/** A token of RFC 9110, section 5.6.2; in lower case, since names of headers are equal in letters of any case. */
export const HEADER_NAME: ValueKind<string> = {
  placeholder: "NAME",
  allowed: "the name of a header, such as X-Bot",
  parse: (name) => (/^[\w!#$%&'*+.^`|~-]{1,128}$/.test(name) ? name.toLowerCase() : undefined),
};
