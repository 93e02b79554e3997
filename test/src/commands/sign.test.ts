import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { decode } from "../../../src/index/format.js";
import { publicKeyOf, publicKeyText, verifySignature } from "../../../src/pull/signature.js";
import { billboard, type Finished } from "../billboard.js";
import { broken, FIRST, generationOf, publish, SECOND } from "../published.js";

const digestOf = (bytes: Uint8Array): string => decode(Uint8Array.from(bytes)).digest;

interface Signing {
  readonly dir: string;
  readonly key: string;
  readonly index: string;
  readonly signature: string;
  /** As `keygen` printed it. */
  readonly publicKey: string;
  readonly sign: (...words: string[]) => Finished;
}

/** A folder with a key, and FIRST in it. */
function signing(t: Test): Signing {
  const dir = t.testdir();
  const [key, index] = [join(dir, "key.pem"), join(dir, "index.bin")];
  publish(index, FIRST);
  const publicKey = billboard(["keygen", "--out", key]).stdout.trim();
  const sign = (...words: string[]): Finished => billboard(["sign", "--key", key, "--index", index, ...words]);
  return { dir, key, index, signature: `${index}.sig`, publicKey, sign };
}

await t.test("keygen makes a private key that only its owner may read, and prints the public one", (t) => {
  const file = join(t.testdir(), "key.pem");
  const { status, stdout, stderr } = billboard(["keygen", "--out", file]);
  t.same([status, stderr], [0, ""]);
  t.match(stdout, /^[A-Za-z0-9+/]{43}=\n$/);
  t.equal(statSync(file).mode & 0o777, 0o600);
  const pem = readFileSync(file, "utf8");
  t.match(pem, /^-----BEGIN PRIVATE KEY-----\n/);
  t.equal(publicKeyText(createPrivateKey(pem)), stdout.trim());
  t.not(billboard(["keygen", "--out", join(file, "../other.pem")]).stdout, stdout);
  t.end();
});

await t.test("keygen writes over nothing, and through no link", (t) => {
  const dir = t.testdir({ "key.pem": "mine" });
  const file = join(dir, "key.pem");
  symlinkSync(join(dir, "elsewhere"), join(dir, "link"));
  for (const name of [file, join(dir, "link")])
    t.same(billboard(["keygen", "--out", name]), {
      status: 1,
      stdout: "",
      stderr: `billboard keygen: ${name}: is there already, and a key is never overwritten: name another file\n`,
    });
  t.equal(readFileSync(file, "utf8"), "mine");
  t.notOk(existsSync(join(dir, "elsewhere")));
  t.match(billboard(["keygen", "--out", join(dir, "none/key.pem")]), {
    status: 1,
    stdout: "",
    stderr:
      /^billboard keygen: .*none\/key\.pem: cannot be written: ENOENT: [^\n]*: name a file in a folder of yours\n$/,
  });
  t.match(billboard(["keygen"]), { status: 2, stderr: /^billboard keygen: --out: missing, expected [^\n]*\n$/ });
  t.end();
});

await t.test("a signature is that of the index and of the key", (t) => {
  const { signature, publicKey, sign, dir } = signing(t);
  t.same(sign(), {
    status: 0,
    stdout: `${signature}: generation ${generationOf(FIRST)}, no sequence, for INDEX_PUBLIC_KEY=${publicKey}\n`,
    stderr: "",
  });
  const verified = (): unknown => verifySignature(readFileSync(signature, "utf8"), publicKeyOf(publicKey)!);
  t.same(verified(), { digest: digestOf(FIRST), sequence: undefined });
  t.match(sign("--sequence", "9007199254740991"), { status: 0, stdout: /, sequence 9007199254740991, / });
  t.same(verified(), { digest: digestOf(FIRST), sequence: Number.MAX_SAFE_INTEGER });
  t.same(readdirSync(dir).sort(), ["index.bin", "index.bin.sig", "key.pem"], "nothing is left beside it");
  t.end();
});

await t.test("the next sequence is one more for another index, and the same for the same", (t) => {
  const { index, signature, sign, dir, key } = signing(t);
  const next = (): Finished => sign("--sequence", "next");
  t.match(next(), { status: 1, stdout: "", stderr: /^billboard sign: .*\.sig: is not there, .*: name the number\n$/ });
  t.equal(sign().status, 0);
  t.match(next(), { status: 1, stdout: "", stderr: /\.sig: has no sequence, .*: name the number\n$/ });
  t.equal(sign("--sequence", "41").status, 0);
  t.match(next().stdout, /, sequence 41, /);
  publish(index, SECOND);
  t.match(next().stdout, /, sequence 42, /);
  publish(index, FIRST);
  t.match(next().stdout, /, sequence 43, /, "an index that is taken back to is newer than the one before");

  const text = readFileSync(signature, "utf8");
  for (const bad of [text.replace(":43,", ":7,"), "nonsense", "x".repeat(100_000)]) {
    writeFileSync(signature, bad);
    t.match(next(), {
      status: 1,
      stdout: "",
      stderr: /^billboard sign: .*\.sig: it[^\n]*: name the number in place of/,
    });
    t.equal(readFileSync(signature, "utf8"), bad, "what cannot be counted on stays");
  }
  writeFileSync(signature, text);
  rmSync(key);
  billboard(["keygen", "--out", join(dir, "key.pem")]);
  t.match(next(), {
    status: 1,
    stderr: /\.sig: its signature was not made by the expected key, [^\n]*: name the number/,
  });
  t.equal(sign("--sequence", "9007199254740991").status, 0);
  publish(index, SECOND);
  t.match(next(), { status: 1, stderr: /\.sig: has the last sequence that there is: begin anew with another key\n$/ });
  t.end();
});

await t.test("what a server would refuse is not signed", (t) => {
  const { index, signature, sign } = signing(t);
  t.equal(sign().status, 0);
  const before = readFileSync(signature, "utf8");
  for (const [bytes, message] of [
    [broken(), /^billboard sign: .*index\.bin: altered: [^\n]*: build it anew with `npm run build-index`\n$/],
    [FIRST.subarray(0, FIRST.length - 8), /^billboard sign: .*index\.bin: truncated: [^\n]*\n$/],
    [Buffer.from("nonsense"), /^billboard sign: .*index\.bin: not a Billboard index: [^\n]*\n$/],
  ] as const) {
    publish(index, bytes);
    t.match(sign(), { status: 1, stdout: "", stderr: message });
  }
  rmSync(index);
  t.match(sign(), { status: 1, stderr: /^billboard sign: .*index\.bin: there is no index: build one with [^\n]*\n$/ });
  t.equal(readFileSync(signature, "utf8"), before);
  t.end();
});

await t.test("a key that others may read, or that is none, is wrong usage", (t) => {
  const { dir, key, index, signature, sign } = signing(t);
  const pem = readFileSync(key, "utf8");
  for (const mode of [0o604, 0o602]) {
    chmodSync(key, mode);
    t.same(sign(), {
      status: 2,
      stdout: "",
      stderr: `billboard sign: --key: ${key} is not taken: other users may read or change it; \`chmod o= ${key}\` keeps them off\n`,
    });
  }
  const none = `billboard sign: --key: ${key} holds no private key of Ed25519 in PEM without a passphrase: \`billboard keygen\` makes one\n`;
  const pkcs8 = { format: "pem", type: "pkcs8" } as const;
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  for (const bad of [
    "",
    pem.slice(0, 60),
    `${"x".repeat(5000)}\n${pem}`,
    publicKey.export({ format: "pem", type: "spki" }),
    privateKey.export({ ...pkcs8, cipher: "aes-256-cbc", passphrase: "x" }),
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export(pkcs8),
    generateKeyPairSync("ed448").privateKey.export(pkcs8),
  ]) {
    rmSync(key);
    writeFileSync(key, bad, { mode: 0o600 });
    t.same(sign(), { status: 2, stdout: "", stderr: none });
  }
  for (const name of ["missing", "."])
    t.match(billboard(["sign", "--key", join(dir, name), "--index", index]), {
      status: 2,
      stdout: "",
      stderr: /^billboard sign: --key: [^\n]* is not taken: [^\n]*\n$/,
    });
  t.match(billboard(["sign", "--index", index]), { status: 2, stderr: /^billboard sign: --key: missing, [^\n]*\n$/ });
  for (const sequence of ["-1", "1.5", "9007199254740992", "last", ""])
    t.match(sign(`--sequence=${sequence}`), {
      status: 2,
      stderr: /^billboard sign: --sequence: got ".*", expected a whole /,
    });
  t.notOk(existsSync(signature));
  t.end();
});

await t.test("a signature replaces a file, and nothing else", (t) => {
  const { dir, signature, sign } = signing(t);
  writeFileSync(join(dir, "other"), "mine");
  symlinkSync(join(dir, "other"), signature);
  t.match(sign(), {
    status: 1,
    stdout: "",
    stderr: /^billboard sign: .*index\.bin\.sig: is a link, expected a file[^\n]*\n$/,
  });
  t.equal(readFileSync(join(dir, "other"), "utf8"), "mine");
  t.end();
});
