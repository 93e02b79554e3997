/** Gives commands names and values that would act on a terminal, and looks at every byte that they print. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { spawn } from "node:child_process";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import t, { type Test } from "tap";
import { printable, printableLines } from "../../src/options/printable.js";
import { buildIndex } from "../build/commands.js";
import { dataFolder } from "../build/data-folder.js";
import { BILLBOARD, bareProgram, billboard } from "../src/billboard.js";
import { FIRST, publish } from "../src/published.js";
import { RunningServer } from "../src/running-server.js";

/** Clears the screen, overwrites the line, turns the direction, hides, and breaks the line. */
const EVIL = "\u001b[2J\u009b31m\r\t\n\u202e\u2066\u200b\u061c\u2028=";
const SHOWN = String.raw`\u001b[2J\u009b31m\r\t\n\u202e\u2066\u200b\u061c\u2028=`;

/** Texts in which joiners, or the choice of an emoji's style, are seen. */
const JOINED = [
  "می\u200cخواهم کتاب\u200cها",
  "ه\u200d\u0640",
  "ܐ\u200cܒ ߊ\u200dߋ ᠠ\u200dᠡ",
  "क्\u200dष र्\u200dय क्\u200cष",
  "ক্\u200dষ ന്\u200dറ ශ්\u200dරී",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}",
  "\u{1f469}\u{1f3fd}\u200d\u2695\ufe0f",
  "\u{1f3f3}\ufe0f\u200d\u{1f308} \u2764\ufe0f\u200d\u{1f525}",
  "\u2764\ufe0f 1\ufe0f\u20e3",
];

/** And texts in which none is seen, or not all: each `_` stands for an escape. */
const HIDDEN = [
  ["pay\u200dpal", "pay_pal"],
  ["7\u200c1", "7_1"],
  ["א\u200dב", "א_ב"],
  ["می\u200c\u200cخواهم", "می__خواهم"],
  ["\u200cکتاب\u200d", "_کتاب_"],
  ["کتاب\u200c ها", "کتاب_ ها"],
  ["a\u200cها", "a_ها"],
  ["ها\u200ca", "ها_a"],
  ["٣\u200c٤", "٣_٤"],
  ["ᠠ\u180b\u200cᠡ", "ᠠ__ᠡ"],
  ["\u{1f468}\u200d\u200d\u{1f469}", "\u{1f468}__\u{1f469}"],
  ["\u{1f468}\u200c\u{1f469}", "\u{1f468}_\u{1f469}"],
  ["\u200d\u{1f468}\u200d", "_\u{1f468}_"],
  ["\u{1f468}\u200da", "\u{1f468}_a"],
  ["a\ufe0f1\ufe0f", "a_1_"],
  ["\ufe0f\u2764\ufe0f\ufe0f", "_\u2764\ufe0f_"],
] as const;

/** What no output may hold: all that `printable` escapes, but line feeds. */
const ACTING = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

const JOINERS = new Set(["\u200c", "\u200d"]);
const isJoining = (text: string): boolean => /^[هक\u094d]{2}$/.test(text);

/** Names of assertions are escaped, too: in the output of the test itself, they would hide that it fails. */
function actsOnNothing(t: Test, text: string, name: string): void {
  t.notOk(ACTING.test(text), `${name}: ${printable(JSON.stringify(text.slice(0, 500)))}`);
}

function looksClean(t: Test, text: string, lines: number, name: string): void {
  actsOnNothing(t, text, name);
  t.equal(text.split("\n").length - 1, lines, `${name}: lines`);
}

await t.test("what acts on a terminal, or is invisible, is shown as an escape, and nothing else is changed", (t) => {
  t.equal(printable(EVIL), SHOWN);
  t.equal(printableLines(`a${EVIL}`), `a${SHOWN.replace(String.raw`\n`, "\n")}`);
  for (const escaped of [
    "\u0000",
    "\u007f",
    "\u0085",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u2069",
    "\u2029",
    "\u00ad",
    "\ufeff",
  ])
    t.match(printable(escaped), /^\\u[0-9a-f]{4}$/);
  for (const escaped of ["\ud800", "\udc00x", "\u3164", "\u034f", "\u180e", "\u2060"])
    t.match(printable(escaped), /^\\u/);
  t.equal(printable("\u{e0041}"), String.raw`\udb40\udc41`);
  const plain = 'C:\\new\\table "zwölf" – שלום 漢字 😀 a‑b';
  t.equal(printable(plain), plain);
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      (text) => !ACTING.test(printable(text)) && !printable(text).includes("\n"),
    ),
  );
  t.end();
});

await t.test("joiners are shown as they are between what they join, and as escapes anywhere else", (t) => {
  for (const text of JOINED) t.equal(printable(text), text, JSON.stringify(Array.from(text)));
  for (const [text, shown] of HIDDEN)
    t.equal(printable(text).replace(/\\u(?:200[cd]|fe0f|180b)/g, "_"), shown, JSON.stringify(Array.from(text)));
  const units = ["a", "7", " ", "ه", "क", "\u094d", "\u{1f468}", "\u{1f3fd}", "\u200c", "\u200d", "\ufe0f"];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...units)), (characters) => {
      const shown = Array.from(printable(characters.join("")));
      return shown.every((character, at) => {
        const [before = "", after = ""] = [shown[at - 1], shown[at + 1]];
        if (character === "\ufe0f") return before === "\u{1f468}";
        if (character === "\u200c" || after !== "\u{1f468}")
          return !JOINERS.has(character) || isJoining(before + after);
        return character !== "\u200d" || ["\u{1f468}", "\u{1f3fd}", "\ufe0f"].includes(before);
      });
    }),
    { seed: 20261130, numRuns: 2000 },
  );
  t.end();
});

await t.test("a build shows the names of files, columns and folders, and values, escaped", (t) => {
  const folder = t.testdir();
  const data = join(folder, "data");
  const banners = join(folder, `=${EVIL}banners`);
  mkdirSync(join(data, "1"), { recursive: true });
  mkdirSync(banners);
  writeFileSync(
    join(data, "1", `clicks${EVIL}.csv`),
    `click_id,banner_id,campaign_id,"a${EVIL.replace("\n", "")}"\n1,371,7,x\n`,
  );
  writeFileSync(join(data, "1", `impressions.csv`), `banner_id,campaign_id\n371,7\n`);
  writeFileSync(join(data, "1", `conversions.csv`), "conversion_id,click_id,revenue\n");
  writeFileSync(join(data, `unread${EVIL}`), "");
  writeFileSync(join(banners, "banners.csv"), "banner_id,alt,link\n999,\u202ealt,\n");
  const out = join(folder, `out${EVIL}`);
  const words = ["--data", data, "--banners", banners, "--out", out];
  const good = buildIndex(words);
  t.equal(good.status, 0, printable(good.stderr));
  looksClean(t, good.stdout, good.stdout.split("\n").length - 1, "the summary");
  for (const name of [
    `1/clicks${SHOWN}.csv`,
    `"a${SHOWN.replace(String.raw`\n`, "")}"`,
    `unread${SHOWN}`,
    `out${SHOWN}/index.bin`,
  ])
    t.ok(good.stdout.includes(name), name);
  const page = readFileSync(join(out, "report.html"), "utf8");
  const parts = [...page.matchAll(/<script type="application\/json"[^>]*>(.*?)<\/script>/gs)].map(([, json]) => json!);
  const names = JSON.stringify(parts.map((json) => JSON.parse(json) as unknown));
  actsOnNothing(t, names.replace(/[\u2068\u2069]/g, ""), "the report page");
  t.notMatch(names, /\\u(001b|009b|202e)(?<!\\\\u....)/, "the report page, within JSON");
  const rejects = readFileSync(join(out, "rejects.csv"), "utf8");
  const cells = parse(rejects).flat();
  t.ok(cells.includes(`'=${EVIL}banners/banners.csv`), "the name of the folder has an apostrophe in front");
  t.notOk(
    cells.some((cell) => /^[=+\-@\t\r\n]/.test(cell)),
    "no cell begins a formula",
  );

  writeFileSync(join(data, "1", `clicks${EVIL}.csv`), `click_id,banner_id,campaign_id\n"${EVIL}",371,7\n`);
  const bad = buildIndex(words);
  t.equal(bad.status, 1);
  looksClean(t, bad.stderr, 2, "bad rows");
  t.ok(bad.stderr.includes(`clicks${SHOWN}.csv:2: click_id is "${SHOWN}", expected`), printable(bad.stderr));

  const refused = buildIndex([...words, "--on-bad-row", "reject"]);
  looksClean(t, refused.stderr, 2, "a refused build");
  t.match(refused.stderr, `rejected: malformed rows and conflicts in 1/clicks${SHOWN}.csv: 1 of 2 rows `);
  t.end();
});

await t.test("every command shows the arguments and variables that it was given escaped, in one line", async (t) => {
  const folder = t.testdir({ data: dataFolder({ impressions: ["371,7"] }), pid: "" });
  const gone = join(folder, `gone${EVIL}`);
  const commands: readonly (readonly [
    words: readonly string[],
    shown: string,
    environment?: Record<string, string>,
  ])[] = [
    [["build", "--data", gone], `gone${SHOWN}`],
    [["build", "--on-bad-row", EVIL], ""],
    [["inspect", "--index", gone], `gone${SHOWN}`],
    [["export", "--index", gone, "--out", folder], `gone${SHOWN}`],
    [["rollback", "--out", gone], `gone${SHOWN}`],
    [["keygen", "--out", join(gone, "key")], `gone${SHOWN}`],
    [["sign", "--key", gone], `gone${SHOWN}`],
    [["publish", "--index", gone, "--to", "http://127.0.0.1:1/index.bin"], `gone${SHOWN}`],
    [["publish", "--to", EVIL], ""],
    [["load-test", "--index", gone], `gone${SHOWN}`],
    [["load-test", "--url", EVIL], ""],
    [["serve", "--index-file", gone, "--port", "0", "--admin-port", "0", "--log-level", "silent"], `gone${SHOWN}`],
    [["serve"], "", { PORT: EVIL }],
    [["stop", "--pid-file", join(gone, "pid"), `--${EVIL}`], ""],
    [[EVIL], ""],
  ];
  for (const [words, shown, environment] of commands) {
    const { status, stdout, stderr } = billboard(words, environment);
    t.ok(status === 1 || status === 2, printable(words.join(" ")));
    looksClean(t, stderr, 1, `${printable(words[0]!)}: standard error`);
    actsOnNothing(t, stdout, `${printable(words[0]!)}: standard output`);
    t.ok(stderr.includes(shown), printable(`${stderr} has ${shown}`));
  }
  const { stderr } = billboard(["build", "--data", gone, "--debug"]);
  actsOnNothing(t, stderr, "a stack");
  await Promise.resolve();
});

await t.test("the load test shows what a server answers escaped", async (t) => {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(`<img src="/campaigns/banners/${EVIL}" alt="">${EVIL}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [program, ...args] = bareProgram(BILLBOARD, "load-test", "--url", url, "--campaigns", "7", "--requests", "20");
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(child, "close");
  t.match(text, /Violations: +[1-9]|Failed requests: +[1-9]/);
  actsOnNothing(t, text, "the load test");
});

await t.test("the log for people shows fields, messages and errors escaped", async (t) => {
  const folder = t.testdir();
  const file = join(folder, `index${EVIL}.bin`);
  publish(file, FIRST);
  const terminal = pathToFileURL(join(import.meta.dirname, "../src/commands/terminal.js")).href;
  const server = new RunningServer({ INDEX_FILE: file, NODE_OPTIONS: `--import=${terminal}`, NO_COLOR: "1" });
  await server.said("Dashboard: ");
  writeFileSync(file, "no index");
  server.process.kill("SIGHUP");
  await server.said("refused");
  server.process.kill("SIGTERM");
  await server.exited;
  actsOnNothing(t, server.text.replaceAll(/\u001b\[\d+m/g, ""), "the log");
  t.ok(server.text.includes(`index${SHOWN}.bin)`), "what a start says");
  t.ok(server.text.includes(`index${SHOWN}.bin","engine"`), "a field");
  t.ok(server.text.includes(`refused: ${join(folder, `index${SHOWN}.bin`)}: `), "a message");
});
