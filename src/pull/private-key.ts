/** Writes and reads the private key that signs indexes. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { UsageError } from "../options/options.js";
import { flushFolderOf } from "../options/regular-file.js";
import { readSecretFile } from "../options/secret.js";

/** Many times the length of an Ed25519 key in PEM. */
const MAX_BYTES = 4096;

/** Makes a key, in a file that only its owner may read. @throws Error of one line; a file that is there stays */
export function makePrivateKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync("ed25519");
  const pem = privateKey.export({ format: "pem", type: "pkcs8" });
  try {
    writeFileSync(file, pem, { flag: "wx", mode: 0o600, flush: true });
    flushFolderOf(file);
    return privateKey;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw new Error(`${file}: is there already, and a key is never overwritten: name another file`, { cause: error });
    throw new Error(`${file}: cannot be written: ${message}: name a file in a folder of yours`, { cause: error });
  }
}

/** @param name what the user gave the file by @throws UsageError */
export function readPrivateKey(name: string, file: string): KeyObject {
  const key = privateKeyIn(readSecretFile(name, file, MAX_BYTES));
  if (key?.asymmetricKeyType !== "ed25519")
    throw new UsageError(
      `${name}: ${file} holds no private key of Ed25519 in PEM without a passphrase: \`billboard keygen\` makes one`,
    );
  return key;
}

function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says is of no help: mostly that a decoder is unsupported.
    return undefined;
  }
}
