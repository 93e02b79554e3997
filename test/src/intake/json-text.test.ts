import fc from "fast-check";
import t from "tap";
import { JsonNumber, JsonObject, parseJson, type JsonValue } from "../../../src/intake/json-text.js";

/** As the platform reads it: numbers rounded, the last of equal keys. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof JsonObject)
    return Object.fromEntries(value.entries.map(([key, each]) => [key, plain(each)] as const));
  return Array.isArray(value) ? (value as readonly JsonValue[]).map(plain) : value;
}

function platformReads(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isRead(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch (error) {
    if ((error as Error).name === "JsonError") return false;
    throw error;
  }
}

await t.test("what the platform reads is read as the same", (t) => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), fc.constantFrom(0, 1, "\t"), (text, indent) => {
      const value: unknown = JSON.parse(text);
      const written = JSON.stringify(value, undefined, indent);
      t.strictSame(plain(parseJson(written)), JSON.parse(written));
    }),
    { numRuns: 300 },
  );
  t.end();
});

await t.test("what it does not read is not read, wherever a text is altered", (t) => {
  const text = String.raw`[{"a\u00e9\"":[1,-0.5e+7,true],"":{}},null,"\ud83d\udc9a",false,0, [ ] ]`;
  t.ok(isRead(text));
  let refused = 0;
  for (let at = 0; at < text.length; at++)
    for (const other of ["", '"', "\\", "0", "-", ".", "e", ",", ":", "[", "}", "x", "\n", "\u00a0"]) {
      const altered = text.slice(0, at) + other + text.slice(at + 1);
      const expected = platformReads(altered);
      if (isRead(altered) !== expected) t.fail(`${altered}: expected ${String(expected)}`);
      if (!expected) refused++;
    }
  t.ok(refused > 500, `${refused} were none`);
  t.end();
});

await t.test("numbers stay as they are written, and every key of an object is there", (t) => {
  const numbers = ["1e21", "0.1234567", "12345678901234567890", "1.0000000000000000001", "-0", "1E-7"];
  t.strictSame(
    parseJson(`[${numbers.join(", ")}]`),
    numbers.map((text) => new JsonNumber(text)),
  );
  t.strictSame((parseJson('{"a": "1", "a": "2", "__proto__": null}') as JsonObject).entries, [
    ["a", "1"],
    ["a", "2"],
    ["__proto__", null],
  ]);
  t.end();
});

await t.test("an error says where, and what is expected", (t) => {
  for (const [text, message] of [
    ["", "no JSON at character 1: expected a value"],
    ["[1,]", "no JSON at character 4: expected a value"],
    ["[1 2]", "no JSON at character 4: expected a comma or ]"],
    ["[01]", "no JSON at character 3: expected a comma or ]"],
    ["{a: 1}", "no JSON at character 2: expected a key in quotes"],
    ['{"a" 1}', "no JSON at character 6: expected a colon"],
    ['"a', "no JSON at character 1: expected a closing quote"],
    ['"a\\"', "no JSON at character 1: expected a closing quote"],
    [
      '["\t"]',
      "no JSON at character 2: expected a text without control characters and other escapes than those of JSON",
    ],
    ["1 1", "no JSON at character 3: expected the end"],
    ["\ufeff1", "no JSON at character 1: expected a value"],
  ] as const)
    t.throws(() => parseJson(text), { name: "JsonError", message }, text);
  t.end();
});

await t.test("neither depth nor length of a text is more than the stack takes", (t) => {
  t.throws(() => parseJson("[".repeat(1_000_000)), { message: /expected at most 32 levels$/ });
  t.throws(() => parseJson('{"a":'.repeat(200_000)), { message: /expected at most 32 levels$/ });
  t.equal(plain(parseJson(`"${'\\"'.repeat(400_000)}"`)), '"'.repeat(400_000));
  t.throws(() => parseJson('"' + "\\".repeat(1_000_001)), { message: /closing quote/ });
  t.equal((parseJson("1".repeat(1_000_000)) as JsonNumber).text.length, 1_000_000);
  t.equal((parseJson(`[${"0,".repeat(400_000)}0]`) as readonly JsonValue[]).length, 400_001);
  t.end();
});
