/** Writes and reads the signature of an index, a file beside it, which `docs/publishing.md` describes. */
import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import type { ValueKind } from "../options/values.js";
import { DIGEST, objectIn } from "./beside-index.js";

export const SIGNATURE_SUFFIX = ".sig";

/** Several times what is ever written. */
export const MAX_SIGNATURE_BYTES = 1024;

export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

export interface Signed {
  /** The whole checksum of the index, in hexadecimal digits. */
  readonly digest: string;
  /** Rises from one signed index to the next, so that an older one is told from a newer. */
  readonly sequence: number | undefined;
}

const PUBLIC_KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** Says what it is for, so that a signature of the same key for anything else is none for an index. */
function messageOf({ digest, sequence }: Signed): Buffer {
  return Buffer.from(`billboard index\n${digest}\n${sequence ?? ""}\n`);
}

export function signatureText(signed: Signed, privateKey: KeyObject): string {
  const signature = sign(null, messageOf(signed), privateKey).toString("base64");
  return `${JSON.stringify({ ...signed, signature })}\n`;
}

/** @throws SignatureError of one line, without the file's name */
export function verifySignature(text: string, key: KeyObject): Signed {
  const { signature, ...signed } = parseSignature(text);
  if (!verify(null, messageOf(signed), key, signature))
    throw new SignatureError("its signature was not made by the expected key, or for another digest or sequence");
  return signed;
}

/** What a signature claims, whoever made it. @throws SignatureError */
export function claimOf(text: string): Signed {
  const { digest, sequence } = parseSignature(text);
  return { digest, sequence };
}

interface ParsedSignature extends Signed {
  readonly signature: Buffer;
}

function parseSignature(text: string): ParsedSignature {
  if (text.length > MAX_SIGNATURE_BYTES)
    throw new SignatureError(`it is no signature: it is longer than ${MAX_SIGNATURE_BYTES} bytes`);
  const fields = objectIn(text);
  if (fields === undefined) throw new SignatureError("it is no signature: it is not an object of JSON");
  const { digest, sequence, signature } = fields;
  if (typeof digest !== "string" || !DIGEST.test(digest))
    throw new SignatureError("its digest is not 64 hexadecimal digits in small letters");
  if (sequence !== undefined && !isSequence(sequence))
    throw new SignatureError(`its sequence is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`);
  const bytes = typeof signature === "string" ? base64(signature, SIGNATURE_LENGTH) : undefined;
  if (bytes === undefined) throw new SignatureError(`its signature is not base64 of ${SIGNATURE_LENGTH} bytes`);
  return { digest, sequence, signature: bytes };
}

export function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Undefined for anything but the one way to write bytes of that length. */
function base64(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}

/** Reads INDEX_PUBLIC_KEY: the key's 32 bytes (RFC 8032) in base64, as `billboard keygen` prints them. */
export function publicKeyOf(text: string): KeyObject | undefined {
  const bytes = base64(text, PUBLIC_KEY_LENGTH);
  if (bytes === undefined) return undefined;
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.toString("base64url") }, format: "jwk" });
}

/** As text, since there may be none: "". */
export const PUBLIC_KEY: ValueKind<string> = {
  placeholder: "KEY",
  allowed: "base64 of the 32 bytes of an Ed25519 key, 44 characters",
  parse: (text) => (text === "" || publicKeyOf(text) !== undefined ? text : undefined),
};

/** @param key the public one, or the private one that it belongs to */
export function publicKeyText(key: KeyObject): string {
  const { x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
  return Buffer.from(x!, "base64url").toString("base64");
}
