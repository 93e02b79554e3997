import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import t from "tap";

const ROOT = existsSync(join(import.meta.dirname, "../package.json"))
  ? join(import.meta.dirname, "..")
  : join(import.meta.dirname, "../..");

/** The parts of src/ and build/ in the order of imports: each imports from itself and from those before it. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  src: [
    "options",
    "log",
    "index",
    "view",
    "decision",
    "recording",
    "response",
    "server",
    "pull",
    "private-port",
    "intake",
    "admin",
    "supervisor",
    "config.ts",
    "service.ts",
    "commands",
  ],
  build: [
    "read",
    "count",
    "clickhouse",
    "images",
    "placements.ts",
    "campaigns.ts",
    "descriptions.ts",
    "held-back.ts",
    "rank.ts",
    "cells.ts",
    "compile.ts",
    "verify.ts",
    "guard",
    "write",
    "report",
    "stages.ts",
    "recorded",
    "cycle",
    "commands",
  ],
};

/** What the compiler may know of the server: how the file is made, and how a command reads its options. */
const SHARED = ["src/index/", "src/options/", "src/view/"];

const entries = (folder: string): string[] => readdirSync(join(ROOT, folder));

/** Files of TypeScript below a folder, from the root on; programs for browsers are apart. */
function sourcesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts") && !/(^|\/)browser\//.test(name))
    .map((name) => posix.join(folder, name));
}

/** The files that a file imports, from the root on; types too. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, specifier]) => specifier!);
  return specifiers.map((specifier) => posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts"));
}

for (const [tree, order] of Object.entries(ORDER)) {
  await t.test(`imports in ${tree}/ run one way`, (t) => {
    const rankOf = (file: string): number => order.indexOf(file.split("/")[1]!);
    const files = sourcesOf(tree);
    t.ok(files.length > 20);
    for (const file of files) {
      t.ok(rankOf(file) !== -1, `${file} is in a part that the order names`);
      for (const imported of importsOf(file))
        if (imported.startsWith(`${tree}/`)) t.ok(rankOf(imported) <= rankOf(file), `${file} imports ${imported}`);
    }
    t.end();
  });

  await t.test(`no file of ${tree}/ is in an import cycle`, (t) => {
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) t.fail(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      if (done.has(file) || path.includes(file)) return;
      for (const imported of importsOf(file)) if (imported.startsWith(`${tree}/`)) visit(imported, [...path, file]);
      done.add(file);
    };
    for (const file of sourcesOf(tree)) visit(file, []);
    t.ok(done.size > 20);
    t.end();
  });
}

await t.test("src/ imports nothing of the other trees, and build/ only the index and the options of src/", (t) => {
  for (const file of sourcesOf("src"))
    for (const imported of importsOf(file)) t.match(imported, /^src\//, `${file} imports ${imported}`);
  for (const file of sourcesOf("build"))
    for (const imported of importsOf(file))
      t.ok(
        [...SHARED, "build/"].some((part) => imported.startsWith(part)),
        `${file} imports ${imported}`,
      );
  t.end();
});

await t.test("bin/ loads a command only when it is asked for, so that serving never loads the compiler", (t) => {
  const loaded = (file: string): string[] =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/^(?:import|export)\b[^;]* from "([^"]+)"/gm)]
      .map(([, specifier]) => specifier!)
      .filter((specifier) => specifier.startsWith("."));
  const files = sourcesOf("bin");
  t.ok(files.length > 0);
  for (const file of files)
    for (const specifier of loaded(file))
      t.match(specifier, /^(\.\/|\.\.\/src\/(options\/|commands\/signals\.js$))/, `${file} imports ${specifier}`);
  t.ok(files.some((file) => importsOf(file).some((imported) => imported.startsWith("build/"))));
  t.end();
});

await t.test("of src/, only the settings and the life of the server lie outside a folder", (t) => {
  t.same(
    entries("src").filter((name) => name.includes(".")),
    ["config.ts", "service.ts"],
  );
  t.end();
});

await t.test("what only one part may touch, only it touches", (t) => {
  const users = (pattern: RegExp): string[] =>
    sourcesOf("src").filter((file) => pattern.test(readFileSync(join(ROOT, file), "utf8")));
  t.match(users(/from "uWebSockets\.js"/), [/^src\/server\//]);
  t.same(users(/process\.env(?!\["UWS)/), ["src/config.ts"]);
  t.end();
});

await t.test("the tests lie where what they test lies", (t) => {
  for (const folder of readdirSync(join(ROOT, "test/src"), { withFileTypes: true }).filter((e) => e.isDirectory()))
    t.ok(entries("src").includes(folder.name), `test/src/${folder.name} has its part in src/`);
  for (const folder of readdirSync(join(ROOT, "test/build"), { withFileTypes: true }).filter((e) => e.isDirectory()))
    t.ok(entries("build").includes(folder.name), `test/build/${folder.name} has its part in build/`);
  t.end();
});

await t.test("the interface, its styles and its routes have at most 3,000 lines of code", (t) => {
  const routes = ["interface", "opened-index", "previews", "report", "views", "visit"];
  const files = [
    ...readdirSync(join(ROOT, "ui"), { recursive: true, encoding: "utf8" }).map((name) => join("ui", name)),
    ...routes.map((name) => `src/admin/${name}.ts`),
  ].filter((name) => /\.(tsx?|css)$/.test(name));
  t.ok(files.length > 40);
  let lines = 0;
  for (const file of files) {
    const code = readFileSync(join(ROOT, file), "utf8").replace(/\/\*.*?\*\//gs, "");
    lines += code.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
  }
  t.ok(lines > 2000 && lines <= 3000, `${lines} lines`);
  t.end();
});

await t.test("no folder holds a file of odds and ends", (t) => {
  for (const folder of ["bin", "src", "build", "tools", "bench", "test"])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }))
      t.notMatch(name, /(^|\/)(utils?|helpers?|types|index|common|misc)\.ts$/);
  t.end();
});

await t.test("every file says first what it does", (t) => {
  for (const tree of ["bin", "src", "build", "tools", "bench"])
    for (const file of sourcesOf(tree))
      t.match(readFileSync(join(ROOT, file), "utf8"), /^(#!.*\n)?\/\*\*\s+(\* )?[A-Z][a-z]+s\b/, file);
  t.end();
});
