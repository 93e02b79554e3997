import { existsSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";
import t from "tap";
import { codeOf, documentOf, headingsOf, linksOf, ROOT } from "./markdown.js";

const PAGES = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "deploy/README.md", ...PAGES];
const README = documentOf("README.md");

await t.test("every relative link leads to a file, and every anchor to a heading", (t) => {
  let links = 0;
  for (const name of DOCUMENTS)
    for (const link of linksOf(documentOf(name))) {
      if (/^https?:/.test(link)) continue;
      links++;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? name : posix.join(posix.dirname(name), path);
      if (!existsSync(join(ROOT, target))) t.fail(`${name}: ${link} leads to no file`);
      else if (anchor !== undefined && !headingsOf(documentOf(target)).some((heading) => heading.anchor === anchor))
        t.fail(`${name}: ${link} leads to no heading`);
    }
  t.ok(links > 100, `${links} links`);
  t.end();
});

await t.test("the README is a door: short, and it leads to every document", (t) => {
  t.ok(README.split("\n").length <= 201, "at most 200 lines");
  const links = linksOf(README);
  for (const name of DOCUMENTS.slice(1)) t.ok(links.includes(name), name);
  t.match(
    README.split("\n## ").find((chapter) => chapter.startsWith("Quick start")),
    /make start.*make test/s,
  );
  t.end();
});

await t.test("a table of contents names every section, in order", (t) => {
  for (const name of DOCUMENTS) {
    const text = documentOf(name);
    const sections = headingsOf(text).filter(({ level }) => level === 2);
    if (sections.length < 5) continue;
    const contents = linksOf(text.split("\n## ")[0]!).filter((link) => link.startsWith("#"));
    t.same(
      contents,
      sections.map(({ anchor }) => `#${anchor}`),
      name,
    );
  }
  t.end();
});

await t.test("every command that a document tells of exists", (t) => {
  const { scripts } = JSON.parse(documentOf("package.json")) as { scripts: Record<string, string> };
  const targets = [...documentOf("Makefile").matchAll(/^([a-z-]+):/gm)].map(([, target]) => target);
  let commands = 0;
  for (const name of DOCUMENTS)
    for (const code of codeOf(documentOf(name))) {
      for (const [, script = ""] of code.matchAll(/\bnpm run (?:--silent )?([a-z-]+)/g)) {
        commands++;
        if (!(script in scripts)) t.fail(`${name}: there is no npm run ${script}`);
      }
      for (const [, target = ""] of code.matchAll(/(?:^|&& )make ([a-z-]+)/g)) {
        commands++;
        if (!targets.includes(target)) t.fail(`${name}: there is no make ${target}`);
      }
    }
  t.ok(commands > 40, `${commands} commands`);
  t.end();
});

await t.test("every npm script is told of in some document", (t) => {
  const { scripts } = JSON.parse(documentOf("package.json")) as { scripts: Record<string, string> };
  const told = DOCUMENTS.flatMap((name) => codeOf(documentOf(name))).join("\n");
  for (const name of Object.keys(scripts))
    t.ok(new RegExp(`npm (run )?(--silent )?${name}(?![a-z-])`).test(told), name);
  t.end();
});

await t.test("every path that a document names exists", (t) => {
  let paths = 0;
  for (const name of DOCUMENTS)
    for (const code of codeOf(documentOf(name))) {
      const [path] = /^(?:src|build|test|tools|bench|bin|docs|deploy|data|\.ci)\/[\w./-]*$/.exec(code) ?? [];
      if (path === undefined) continue;
      paths++;
      if (!existsSync(join(ROOT, path))) t.fail(`${name}: there is no ${path}`);
    }
  t.ok(paths > 40, `${paths} paths`);
  t.end();
});

await t.test("examples stand on host names that no ad blocker knows", (t) => {
  for (const name of DOCUMENTS)
    for (const [host] of documentOf(name).matchAll(/https?:\/\/[\w.-]+/g))
      t.notMatch(host, /\/\/(ads?|banners?|promo|adserver)\./, name);
  t.end();
});
