import t from "tap";
import { isTextId, textIdBytes } from "../../../src/index/text-ids.js";

await t.test("an id is 1 to 128 bytes of UTF-8 without control characters", (t) => {
  const isId = (text: string): boolean => {
    const bytes = Buffer.from(`a${text}\0`);
    return isTextId(bytes, 1, bytes.length - 1);
  };
  for (const text of ["a", "0", "-1", "a b", "é", "ÿ", "\u00a0", "💚", "é".repeat(64), "~".repeat(128)])
    t.ok(isId(text), text);
  for (const text of ["", "a\tb", "a\0", "\u001b[m", "\u007f", "\u0080", "a\u009f", "é".repeat(65), "~".repeat(129)])
    t.notOk(isId(text), JSON.stringify(text));
  t.end();
});

await t.test("what is no text has no bytes, as half of a pair, or what stands for bytes that were no UTF-8", (t) => {
  for (const text of ["a", "é💚", "\ufeffa"]) t.equal(textIdBytes(text)?.toString(), text);
  for (const text of ["", "a\uFFFD", "\ud83d", "a\udc9a", "\udc9a\ud83d"])
    t.equal(textIdBytes(text), undefined, JSON.stringify(text));
  t.end();
});
