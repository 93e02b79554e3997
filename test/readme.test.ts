import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { decode } from "../src/index/format.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, RULES } from "../src/index/sections.js";
import { smallIndex } from "./src/small-index.js";

const OUTPUT = join(import.meta.dirname, "..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** Prettier pads the cells of a table; their content is what counts. */
function rowsOf(table: string): string[][] {
  const rows = table.split("\n").filter((line) => line.startsWith("|"));
  const cells = rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return cells.filter((row, at) => at > 0 && !/^-+$/.test(row[0] ?? ""));
}

/** The table whose first column has this heading. */
function table(heading: string): string {
  const tables = README.match(/(?:^\|.*\n)+/gm) ?? [];
  const found = tables.find((block) => block.split("|")[1]?.trim() === heading);
  if (found === undefined) throw new Error(`README.md has no table of ${heading}`);
  return found;
}

/** What stands under this heading, up to the next of its level; line ends of the prose count as spaces. */
function chapter(heading: string): string {
  const found = README.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`README.md has no chapter "${heading}"`);
  return found.replace(/\n/g, " ");
}

await t.test("every npm script is told of", (t) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  for (const name of Object.keys(scripts))
    t.ok(README.includes(name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`), name);
  t.end();
});

await t.test("the table of sections is the layout of the file", (t) => {
  const index = decode(Uint8Array.from(smallIndex([{ campaign: 1, period: 1, converting: [1] }])));
  const types = new Map<unknown, string>([
    [Uint8Array, "u8"],
    [Uint32Array, "u32"],
    [BigInt64Array, "i64"],
  ]);
  const expected = Object.entries(index)
    .filter(([name, value]) => ArrayBuffer.isView(value) && name !== "bytes")
    .map(([name, value]) => [`\`${name}\``, types.get((value as object).constructor)]);
  t.same(
    rowsOf(table("section")).map(([name, type]) => [name, type]),
    expected,
  );
  const codes = (names: readonly string[], quote = ""): string =>
    names.map((name, code) => `${code} ${quote}${name}${quote}`).join(", ");
  const text = chapter("Index file");
  for (const named of [codes(RULES, "`"), codes(IMAGE_TYPES), codes(IMAGE_EXTENSIONS)])
    t.ok(text.includes(named), named);
  t.end();
});

await t.test("every dependency has its reason", (t) => {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const told = rowsOf(table("package")).flatMap(([names = ""]) => names.split(", "));
  t.same(told.sort(), Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort());
  t.end();
});
