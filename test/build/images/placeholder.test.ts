import t from "tap";
import { typeOf } from "../../../build/images/header.js";
import { placeholder } from "../../../build/images/placeholder.js";

await t.test("a placeholder is an SVG with the banner's id as text", (t) => {
  for (const banner of [1, 371, 4294967295]) {
    t.equal(typeOf(Buffer.from(placeholder(banner))), "svg");
    t.match(placeholder(banner), `>${banner}</text>`);
    t.match(placeholder(banner), `<title>Banner ${banner}</title>`);
  }
  t.end();
});

await t.test("the longest id fits into its picture", (t) => {
  const svg = placeholder(4294967295);
  const numberIn = (pattern: RegExp): number => Number(pattern.exec(svg)?.[1]);
  t.equal(numberIn(/ width="(\d+)"/), 300);
  t.ok(numberIn(/ textLength="(\d+)"/) < 284, "within the frame");
  t.end();
});

await t.test("every tag of a placeholder is closed", (t) => {
  const open: string[] = [];
  for (const [, closing, name = "", alone] of placeholder(7).matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g))
    if (closing === "/") t.equal(open.pop(), name);
    else if (alone === "") open.push(name);
  t.strictSame(open, []);
  t.end();
});
