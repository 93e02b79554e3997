/** Names the files round an index that a pull writes, in the folder of the index. */
import { parse, join } from "node:path";
import { SIGNATURE_SUFFIX } from "./signature.js";

/** As the build names it: `index.previous.bin`. */
export function previousOf(file: string): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name}.previous${ext}`);
}

export function signatureOf(file: string): string {
  return `${file}${SIGNATURE_SUFFIX}`;
}

/** Of the index that is about to be renamed into its place. */
export function nextSignatureOf(file: string): string {
  return `${signatureOf(file)}.next`;
}
