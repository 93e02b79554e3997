/** Reads the address from which an index comes, or to which it goes. */
import type { ValueKind } from "../options/values.js";

const FORM = /^(https?|s3):\/\/[^/?#@\\\s]+\/[^#\\\s]*[^/#\\\s]$/i;

/** A name and a password have no place in it: everybody on the machine can read a process's arguments. */
export const INDEX_ADDRESS: ValueKind<URL> = {
  placeholder: "URL",
  allowed: "an address such as https://host/index.bin or s3://bucket/index.bin, without user, password and #",
  parse: (text) => {
    if (!FORM.test(text) || !URL.canParse(text)) return undefined;
    const address = new URL(text);
    return address.protocol === "s3:" && text.includes("?") ? undefined : address;
  },
};

/** The address of a file beside the index: that of its signature, or of its switch. */
export function besideAddress(address: URL, suffix: string): URL {
  const beside = new URL(address);
  beside.pathname += suffix;
  return beside;
}

/** Without a query, which is often a secret where there is one. */
export function shownAddress({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
