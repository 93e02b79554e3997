import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { drawingOf } from "../../../tools/draw/drawing.js";

const DOCS = join(import.meta.dirname, "../../../../docs");
const read = (name: string): string => readFileSync(join(DOCS, name), "utf8");

await t.test("each drawing in docs/ is what its text gives", async (t) => {
  const names = readdirSync(DOCS).filter((name) => name.endsWith(".dot"));
  t.same(names, ["deployment.dot", "parts.dot"]);
  for (const name of names) t.equal(read(name.replace(".dot", ".svg")), await drawingOf(read(name)), name);
});

await t.test("a drawing has colours for light and for dark, and nothing that changes with the release", async (t) => {
  const svg = await drawingOf("digraph one { a -> b }");
  t.match(svg, /^<\?xml.*<svg[^>]*>\n<style>.*prefers-color-scheme: dark.*<\/style>/s);
  t.notMatch(svg, /<!--|graphviz version|<title>/);
});

await t.test("text that is no drawing is an error that names the line", async (t) => {
  await t.rejects(drawingOf("digraph one {\n  a -> -> b\n}"), { message: /syntax error in line 2/ });
});
