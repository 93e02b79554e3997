import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { VARIABLES } from "../src/config.js";
import { stateOf } from "./src/admin/server-state.js";
import { decode } from "../src/index/format.js";
import { IMAGE_EXTENSIONS, IMAGE_TYPES, RULES } from "../src/index/sections.js";
import { Metrics } from "../src/admin/metrics.js";
import { smallIndex } from "./src/small-index.js";

const OUTPUT = join(import.meta.dirname, "..");
const ROOT = existsSync(join(OUTPUT, "package.json")) ? OUTPUT : join(OUTPUT, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** What stands between the comments that begin with `name` and `end of name`. */
function part(name: string): string {
  const found = new RegExp(`<!-- ${name}:[^>]*-->\n(.*?)<!-- end of ${name} -->`, "s").exec(README)?.[1];
  if (found === undefined) throw new Error(`README.md has no part "${name}"`);
  return found;
}

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

/** Defaults that differ from machine to machine. */
const OF_THE_MACHINE: Readonly<Record<string, string>> = { TIME_ZONE: "the machine's", WORKERS: "the machine's cores" };

await t.test("the table of configuration is that of the code", (t) => {
  const expected = Object.entries(VARIABLES).map(([name, variable]) => [
    `\`${name}\``,
    OF_THE_MACHINE[name] ?? (variable.default === "" ? "none" : `\`${variable.default}\``),
    variable.allowed,
    variable.help,
  ]);
  t.same(rowsOf(part("configuration")), expected);
  t.end();
});

await t.test("the table of metrics is that of the code", async (t) => {
  const described = await new Metrics(stateOf()).describe();
  t.same(
    rowsOf(part("metrics")),
    described.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      help,
    ]),
  );
});

await t.test("the table of commands is that of the Makefile", (t) => {
  const makefile = readFileSync(join(ROOT, "Makefile"), "utf8");
  const expected = [...makefile.matchAll(/^([a-z-]+):.*?## (.*)$/gm)].map(([, target = "", text = ""]) => [
    `\`make ${target}\``,
    text,
  ]);
  t.ok(expected.length >= 7);
  t.same(rowsOf(part("commands")), expected);
  t.end();
});

await t.test("every npm script is told of, and the help of each command is its own", (t) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const help = part("help");
  for (const [name, script] of Object.entries(scripts)) {
    t.ok(README.includes(name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`), name);
    const [, program] = /^node dist\/(.*)$/.exec(script) ?? [];
    if (program === undefined || name === "start") continue;
    const { stdout, status } = spawnSync(process.execPath, [join(OUTPUT, program), "--help"], { encoding: "utf8" });
    t.equal(status, 0, `${name} --help`);
    t.ok(help.includes(`\`\`\`text\n${stdout}\`\`\`\n`), `the help of ${name}`);
  }
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
