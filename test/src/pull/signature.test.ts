import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import t from "tap";
import {
  MAX_SIGNATURE_BYTES,
  publicKeyOf,
  publicKeyText,
  SignatureError,
  signatureText,
  verifySignature,
} from "../../../src/pull/signature.js";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const DIGEST = "0123456789abcdef".repeat(4);
const OTHER_DIGEST = "f".repeat(64);

/** The same with some fields replaced. */
function altered(text: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), ...fields });
}

await t.test("what was signed is verified, with and without a sequence", (t) => {
  for (const sequence of [undefined, 0, 7, Number.MAX_SAFE_INTEGER]) {
    const text = signatureText({ digest: DIGEST, sequence }, privateKey);
    t.match(text, /^\{"digest":"[0-9a-f]{64}",("sequence":\d+,)?"signature":"[A-Za-z0-9+/]{86}=="\}\n$/);
    t.same(verifySignature(text, publicKey), { digest: DIGEST, sequence });
    t.ok(text.length < MAX_SIGNATURE_BYTES / 2);
  }
  t.end();
});

await t.test("the bytes that are signed are those of the description", (t) => {
  const signature = sign(null, Buffer.from(`billboard index\n${DIGEST}\n7\n`), privateKey).toString("base64");
  t.same(verifySignature(JSON.stringify({ digest: DIGEST, sequence: 7, signature }), publicKey), {
    digest: DIGEST,
    sequence: 7,
  });
  const without = sign(null, Buffer.from(`billboard index\n${DIGEST}\n\n`), privateKey).toString("base64");
  t.same(verifySignature(JSON.stringify({ digest: DIGEST, signature: without }), publicKey), {
    digest: DIGEST,
    sequence: undefined,
  });
  t.end();
});

await t.test("a signature of another key, digest or sequence is none", (t) => {
  const text = signatureText({ digest: DIGEST, sequence: 7 }, privateKey);
  const wrong = /^its signature was not made by the expected key, or for another digest or sequence$/;
  t.throws(() => verifySignature(text, generateKeyPairSync("ed25519").publicKey), wrong);
  const bare = signatureText({ digest: DIGEST, sequence: undefined }, privateKey);
  for (const other of [
    altered(text, { digest: OTHER_DIGEST }),
    altered(text, { sequence: 8 }),
    altered(text, { sequence: undefined }),
    altered(bare, { sequence: 0 }),
    altered(text, { signature: Buffer.alloc(64).toString("base64") }),
  ])
    t.throws(() => verifySignature(other, publicKey), { name: "SignatureError", message: wrong }, other);
  t.end();
});

await t.test("what is no signature is told in one line that quotes none of it", (t) => {
  const text = signatureText({ digest: DIGEST, sequence: 7 }, privateKey);
  for (const [bad, message] of [
    ["", /^it is no signature: it is not an object of JSON$/],
    ["null", /not an object/],
    ["<html>\n", /not an object/],
    ["7", /not an object/],
    ["[]", /^its digest is not 64 hexadecimal digits in small letters$/],
    [altered(text, { digest: DIGEST.toUpperCase() }), /^its digest/],
    [altered(text, { digest: `${DIGEST}\n` }), /^its digest/],
    [altered(text, { digest: 7 }), /^its digest/],
    [altered(text, { sequence: "7" }), /^its sequence is not a whole number from 0 to 9007199254740991$/],
    [altered(text, { sequence: null }), /^its sequence/],
    [altered(text, { sequence: -1 }), /^its sequence/],
    [altered(text, { sequence: 1.5 }), /^its sequence/],
    [text.replace(":7,", ":9007199254740992,"), /^its sequence/],
    [altered(text, { signature: undefined }), /^its signature is not base64 of 64 bytes$/],
    [altered(text, { signature: "AAAA" }), /^its signature/],
    [text.replace("==", ""), /^its signature/],
    [text.padEnd(MAX_SIGNATURE_BYTES + 1), /^it is no signature: it is longer than 1024 bytes$/],
  ] as const)
    t.throws(() => verifySignature(bad, publicKey), { constructor: SignatureError, message }, bad);
  t.same(verifySignature(text.padEnd(MAX_SIGNATURE_BYTES), publicKey).sequence, 7);
  t.end();
});

await t.test("a public key is one word, read as it is printed", (t) => {
  const text = publicKeyText(privateKey);
  t.match(text, /^[A-Za-z0-9+/]{43}=$/);
  t.equal(publicKeyText(publicKey), text);
  t.ok(publicKeyOf(text)!.equals(createPublicKey(privateKey)));
  for (const bad of ["", "x", text.slice(1), text.slice(0, -1), ` ${text}`, `${text}\n`, `${text}A`, `A${text}`])
    t.equal(publicKeyOf(bad), undefined, JSON.stringify(bad));
  t.end();
});

await t.test("the key of RFC 8032, section 7.1, test 1, is read from its 32 bytes", (t) => {
  const bytes = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");
  const key = publicKeyOf(bytes.toString("base64"))!;
  t.equal(key.asymmetricKeyType, "ed25519");
  t.equal(key.export({ format: "der", type: "spki" }).subarray(-32).compare(bytes), 0);
  t.end();
});
