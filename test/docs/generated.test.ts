import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { COMMANDS } from "../../bin/commands.js";
import { isSecret, VARIABLE_NAMES } from "../../src/config.js";
import { clickHouseStatements } from "../../tools/docs/clickhouse-statements.js";
import { generatedDocuments, ROOT } from "../../tools/docs/documents.js";
import { manifests } from "../../tools/kubernetes/manifests.js";

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

await t.test("the generated documents and manifests are those of the code: `npm run docs` writes them", async (t) => {
  const documents = await generatedDocuments();
  const names = [
    "docs/configuration.md",
    "docs/cli.md",
    "docs/operations.md",
    ...Object.keys(manifests()),
    ...Object.keys(clickHouseStatements()),
  ];
  t.same(Object.keys(documents), names);
  for (const [path, text] of Object.entries(documents)) t.equal(textOf(path), text, path);
});

await t.test("every setting has its row, with variable and option", (t) => {
  const rows = textOf("docs/configuration.md")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  for (const name of VARIABLE_NAMES) {
    const [row, ...more] = rows.filter(([, variable]) => variable === `\`${name}\``);
    const option = `\`--${name.toLowerCase().replaceAll("_", "-")}\``;
    t.equal(row?.[2], isSecret(name) ? "none" : option);
    t.same(more, []);
  }
  t.end();
});

await t.test("every command, script and target is told of", (t) => {
  const text = textOf("docs/cli.md");
  for (const name of Object.keys(COMMANDS)) t.match(text, `\n## billboard ${name}\n`);
  const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
  const calling = Object.keys(scripts).filter((name) => scripts[name]!.includes("billboard.js"));
  t.ok(calling.length >= 7);
  for (const name of calling) t.match(text, name === "start" ? "`npm start`" : `\`npm run ${name}\``);
  for (const target of ["help", "start", "stop", "importdata", "rollback", "test", "load-test", "clean"])
    t.match(text, `\`make ${target}\``);
  t.end();
});

await t.test("every metric has its row", (t) => {
  const table = /<!-- metrics: .*<!-- end of metrics -->/s.exec(textOf("docs/operations.md"))![0];
  const names = [...table.matchAll(/^\| `(billboard_\w+)`/gm)].map(([, name]) => name);
  t.ok(names.length >= 8);
  t.ok(names.includes("billboard_http_requests_total"));
  t.end();
});
