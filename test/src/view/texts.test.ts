import t from "tap";
import { Rest } from "../../../src/view/rest.js";
import { Texts } from "../../../src/view/texts.js";
import { seededRandom } from "../seeded-random.js";

const REST = new Rest(() => Promise.resolve());
const random = seededRandom(7);
const LETTERS = ["a", "A", "b", "Ä", "ß", "\0", "日", "😀", "ab"];

/** More than lie in one string. */
const TEXTS = Array.from({ length: 9000 }, () =>
  Array.from({ length: Math.floor(random() * 6) }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join(""),
);
const texts = await Texts.of(TEXTS.length, (at) => TEXTS[at]!, REST);

await t.test("a part is found in each text that has it, once, and in none across two", async (t) => {
  for (const part of ["a", "AB", "aa", "ä", "ß", "\0", "a\0a", "😀", "日ab", "aaaaaaaaaaaaa"]) {
    for (const before of [() => 0, () => 1, () => Math.round(random())]) {
      const isFound = Uint8Array.from(TEXTS, before);
      const expected = isFound.map((was, at) => was || Number(TEXTS[at]!.toLowerCase().includes(part.toLowerCase())));
      await texts.search(part, isFound, REST);
      t.same(isFound, expected, JSON.stringify(part));
    }
  }
});

await t.test("texts compare as strings in lower case do, and so do their beginnings", (t) => {
  for (let round = 0; round < 3000; round++) {
    const [a, b] = [Math.floor(random() * TEXTS.length), Math.floor(random() * TEXTS.length)];
    const [textA, textB] = [TEXTS[a]!.toLowerCase(), TEXTS[b]!.toLowerCase()];
    const expected = textA < textB ? -1 : textA > textB ? 1 : 0;
    const name = JSON.stringify([textA, textB]);
    t.equal(Math.sign(texts.compare(a, b)), expected, name);
    if (texts.beginning(a) !== texts.beginning(b))
      t.equal(Math.sign(texts.beginning(a) - texts.beginning(b)), expected, name);
    t.equal(texts.isEmpty(a), textA === "");
  }
  t.end();
});
