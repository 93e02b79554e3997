import { readdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { documentOf, ROOT, tablesOf } from "./markdown.js";

const DOCUMENT = documentOf("docs/architecture.md");

await t.test("every dependency has its reason", (t) => {
  const manifest = JSON.parse(documentOf("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;
  const told = tablesOf(DOCUMENT, "package").flatMap(([names = ""]) => names.split(", "));
  t.same(told.sort(), Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort());
  t.end();
});

await t.test("the layout names the parts of src/ and build/, and no others", (t) => {
  const [, layout = ""] = /^## Layout\n.*?^```text\n(.*?)^```$/ms.exec(DOCUMENT) ?? [];
  for (const tree of ["src", "build"]) {
    const [, part = ""] = new RegExp(`^${tree}/.*\n((?:  .*\n)*)`, "m").exec(layout) ?? [];
    const named = [...part.matchAll(/^ {2}(\S+)/gm)].flatMap(([, names = ""]) => names.replace(/\/$/, ""));
    t.same(named.sort(), readdirSync(join(ROOT, tree)).sort(), tree);
  }
  t.end();
});
