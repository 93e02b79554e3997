import t from "tap";
import { decode, FORMAT_VERSION } from "../../src/index/format.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, RULES } from "../../src/index/sections.js";
import { smallIndex } from "../src/small-index.js";
import { documentOf, tablesOf } from "./markdown.js";

const DOCUMENT = documentOf("docs/index-format.md");
const PROSE = DOCUMENT.replace(/\s+/g, " ");

await t.test("the table of sections is the layout of the file", (t) => {
  const index = decode(Uint8Array.from(smallIndex([{ campaign: 1, period: 1, converting: [1] }])));
  const types = new Map<unknown, string>([
    [Uint8Array, "u8"],
    [Uint32Array, "u32"],
    [Float64Array, "f64"],
    [BigInt64Array, "i64"],
  ]);
  const expected = Object.entries(index)
    .filter(([, value]) => ArrayBuffer.isView(value))
    .map(([name, value]) => [`\`${name}\``, types.get((value as object).constructor)]);
  expected.push(["`images`", "u8"]);
  t.same(
    tablesOf(DOCUMENT, "section").map(([name, type]) => [name, type]),
    expected,
  );
  t.end();
});

await t.test("the codes and the version are those of the code", (t) => {
  const codes = (names: readonly string[], quote = ""): string =>
    names.map((name, code) => `${code} ${quote}${name}${quote}`).join(", ");
  for (const named of [codes(RULES, "`"), codes(IMAGE_TYPES), codes(IMAGE_EXTENSIONS)])
    t.ok(PROSE.includes(named), named);
  t.match(PROSE, `# The index file, format ${FORMAT_VERSION} `);
  t.match(PROSE, `format version, ${FORMAT_VERSION} |`);
  t.same(
    tablesOf(DOCUMENT, "format").map(([version]) => version),
    Array.from({ length: FORMAT_VERSION }, (_, at) => String(at + 1)),
  );
  t.end();
});
