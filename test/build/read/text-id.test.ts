import t from "tap";
import { hashTextId } from "../../../build/read/text-id.js";

/** Within other bytes, as a field is. */
function hashOf(text: string): string {
  const bytes = Buffer.from(`${"x".repeat(3)}${text}y`);
  const hash = new Uint32Array(6).fill(9);
  hashTextId(bytes, 3, bytes.length - 1, hash, 1);
  if (hash[0] !== 9 || hash[5] !== 9) return "wrote beside its place";
  return [...hash.subarray(1, 5)].map((word) => word.toString(16).padStart(8, "0")).join("");
}

await t.test("the hash is MurmurHash3_x86_128: the published values come out", (t) => {
  t.equal(hashOf("I will not buy this tobacconist's, it is scratched."), "9b5b7ba2ef3f7866889adeaf00f3f98e");
  t.equal(hashOf("The quick brown fox jumps over the lazy dog"), "2f1583c3ecee2c675d7bf66ce5e91d2c");
  t.equal(hashOf(""), "0".repeat(32));
  t.end();
});

await t.test("texts of every length differ by any byte, and by their length", (t) => {
  const texts = [];
  for (let length = 1; length <= 128; length++) {
    texts.push("a".repeat(length));
    for (let at = 0; at < length; at++) texts.push(`${"a".repeat(at)}b${"a".repeat(length - at - 1)}`);
  }
  t.equal(new Set(texts.map(hashOf)).size, texts.length);
  t.not(hashOf("7"), hashOf("007"));
  t.not(hashOf("A7"), hashOf("a7"));
  t.end();
});
