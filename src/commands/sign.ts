/** Signs an index, in a file beside it. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { openIndex } from "../index/load.js";
import { command } from "../options/command.js";
import { UsageError } from "../options/options.js";
import { printable } from "../options/printable.js";
import { replaceFlushed } from "../options/regular-file.js";
import { FILE, type ValueKind } from "../options/values.js";
import { readBeside } from "../pull/beside-index.js";
import { readPrivateKey } from "../pull/private-key.js";
import {
  isSequence,
  MAX_SIGNATURE_BYTES,
  publicKeyText,
  SIGNATURE_SUFFIX,
  SignatureError,
  signatureText,
  verifySignature,
  type Signed,
} from "../pull/signature.js";

const NEXT = "next";

const SEQUENCE: ValueKind<number | typeof NEXT> = {
  placeholder: `N|${NEXT}`,
  allowed: `a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, or ${NEXT}`,
  parse: (text) => {
    if (text === NEXT) return text;
    return /^\d{1,16}$/.test(text) && isSequence(Number(text)) ? Number(text) : undefined;
  },
};

export const sign = command({
  name: "billboard sign",
  summary: "Sign an index, so that replicas can tell it from one that somebody else made.",
  options: {
    key: { ...FILE, help: "file of the private key, which other users may not read (required)" },
    index: { ...FILE, default: "dist-index/index.bin", help: "index to sign; its signature is FILE.sig" },
    sequence: { ...SEQUENCE, help: "number by which replicas tell an older index from a newer one; none if not given" },
  },
  notes: `The index is checked first, as the server does. With \`--sequence ${NEXT}\` the number is one more than that of the
signature that lies there, which this key must have made; the same index keeps its number. A machine that does not keep
that file names a number that only rises, such as --sequence "$(date +%s)".`,
  run: async ({ key: keyFile, index: file, sequence }) => {
    if (keyFile === undefined) throw new UsageError("--key: missing, expected the file of the private key");
    const key = readPrivateKey("--key", keyFile);
    const { index, handle } = await openIndex(file);
    await handle.close();
    const { digest, generation } = index;
    const signatureFile = `${file}${SIGNATURE_SUFFIX}`;
    const number = sequence === NEXT ? nextSequence(signatureFile, digest, key) : sequence;
    replaceFlushed(signatureFile, signatureText({ digest, sequence: number }, key));
    process.stdout.write(
      `${printable(signatureFile)}: generation ${generation}, ` +
        `${number === undefined ? "no sequence" : `sequence ${number}`}, for INDEX_PUBLIC_KEY=${publicKeyText(key)}\n`,
    );
    return 0;
  },
  // The whole message: it begins with the file's name, which may have a line end, and ends with what to do.
  explain: (error) => (error as Error).message,
});

function nextSequence(file: string, digest: string, key: KeyObject): number {
  const text = readBeside(file, MAX_SIGNATURE_BYTES);
  if (text === undefined) throw new Error(`${file}: is not there, and so nothing is next: name the number`);
  const last = lastSigned(file, text, key);
  if (last.sequence === undefined) throw new Error(`${file}: has no sequence, and so nothing is next: name the number`);
  const next = last.digest === digest ? last.sequence : last.sequence + 1;
  if (!isSequence(next)) throw new Error(`${file}: has the last sequence that there is: begin anew with another key`);
  return next;
}

function lastSigned(file: string, text: string, key: KeyObject): Signed {
  try {
    return verifySignature(text, createPublicKey(key));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new Error(`${file}: ${error.message}: name the number in place of ${NEXT}`, { cause: error });
  }
}
