import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { inspect } from "../../src/index/inspect.js";
import { publishedCatalog } from "../build/built-index.js";
import { buildIndex } from "../build/commands.js";
import { RunningServer } from "../src/running-server.js";
import { documentOf } from "./markdown.js";

/** The part of docs/input.md below this heading. */
function section(title: string): string {
  const [, text] = documentOf("docs/input.md").split(`\n## ${title}\n`);
  if (text === undefined) throw new Error(`docs/input.md has no part "${title}"`);
  return text.split("\n## ")[0]!;
}

const example = section("From a raw export to a page");
const blockOf = (language: string): string => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "ms").exec(example)![1]!;

await t.test("the example of a raw export leads to a page, by the commands as they are written", async (t) => {
  const folder = t.testdir();
  const files = [...example.matchAll(/^`([^`\n]+)`\n\n```csv\n(.*?)^```$/gms)];
  t.equal(files.length, 3);
  for (const [, path, text] of files) {
    mkdirSync(dirname(join(folder, path!)), { recursive: true });
    writeFileSync(join(folder, path!), text!);
  }
  const [build, serve] = blockOf("sh").trim().split("\n");
  const [, words] = /^npm run build-index -- (.*)$/.exec(build!)!;
  const { status, stdout, stderr } = buildIndex(words!.split(" "), {}, folder);
  t.equal(status, 0, stderr);
  t.ok(stdout.startsWith(blockOf("text")), stdout);
  const { cells } = inspect(publishedCatalog(join(folder, "shop")));
  t.strictSame(
    cells.map(({ period, collection }) => [period, ...collection.map((each) => `${each.banner}: ${each.revenue}`)]),
    [
      [1, "101: 12.500000"],
      [2, "101: 0.000000"],
      [3, "102: 0.000000"],
      [4, "102: 7.000000"],
    ],
  );
  const [, settings] = /^(.*) npm start$/.exec(serve!)!;
  const environment = Object.fromEntries(settings!.split(" ").map((setting) => setting.split("=") as [string, string]));
  environment["INDEX_FILE"] = join(folder, environment["INDEX_FILE"]!);
  const server = new RunningServer(environment);
  const page = await fetch(`http://127.0.0.1:${await server.ready()}/campaigns/7/`);
  t.equal(page.status, 200);
  t.match(await page.text(), /<img src="\/campaigns\/banners\/image_10[12]\.svg/);
  t.equal(await server.stop(), 0);
});
