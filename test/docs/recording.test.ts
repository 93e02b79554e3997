import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import t, { type Test } from "tap";
import { HEADERS, RECORDED_KINDS } from "../../src/recording/event-kinds.js";
import { UNCOUNTED_CLICKS } from "../../src/response/counters.js";
import { freePort } from "../../tools/free-port.js";
import { missing } from "../needed-programs.js";
import { BILLBOARD } from "../src/billboard.js";
import { buildSample } from "../src/built-sample.js";
import { documentOf, ROOT, tablesOf } from "./markdown.js";

const DOCUMENT = documentOf("docs/recording.md");

t.setTimeout(120_000);

/** The blocks of shell commands, with the program itself in place of npm, which would look for a checkout. */
function shellBlocks(): readonly string[] {
  const { scripts } = JSON.parse(documentOf("package.json")) as { scripts: Record<string, string> };
  return [...DOCUMENT.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) =>
    block.replace(/\bnpm (?:run )?([a-z-]+) --/g, (_, script: string) => {
      const [, subcommand = ""] = /node dist\/bin\/billboard\.js ([a-z]+)$/.exec(scripts[script]!) ?? [];
      return `'${process.execPath}' '${BILLBOARD}' ${subcommand}`;
    }),
  );
}

async function run(
  t: Test,
  script: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const env = { PATH: process.env["PATH"], HOST: "127.0.0.1", ADMIN_PORT: "0", ...environment };
  // A group of its own, so that a server that the script did not end ends with the test.
  const shell = spawn("sh", ["-euc", script], { cwd, env, detached: true });
  t.teardown(() => {
    if (shell.exitCode === null) process.kill(-shell.pid!, "SIGKILL");
  });
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr), once(shell, "close")]);
  t.equal(shell.exitCode, 0, errors);
  return output;
}

await t.test(
  "the lines that switch recording on record a visit and a click, and a build reads them",
  { skip: missing("curl", "openssl") },
  async (t) => {
    const folder = t.testdir({ data: { banners: t.fixture("symlink", join(ROOT, "data/banners")) } });
    await buildSample(join(folder, "dist-index"));
    const port = await freePort();
    const [record, build, ...more] = shellBlocks();
    t.same(more, []);
    t.equal(record!.trimEnd().split("\n").length, 5);
    const output = await run(t, record!.replaceAll("localhost:8080", `127.0.0.1:${port}`), folder, {
      PORT: String(port),
    });
    t.match(output, /^HTTP\/1\.1 302 Found\r\n(.+\r\n)*Location: https:\/\/example\.com\//m);
    const [, files = ""] = /(==> record\/clicks.*)$/s.exec(output) ?? [];
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    const name = String.raw`-[0-9a-f]{16}-\d{8}T\d{6}Z-000001\.csv`;
    t.match(
      files,
      new RegExp(
        `^==> record/clicks${name} <==\n${HEADERS.clicks}\n${time},[0-9a-f]{32},1,\\d+\n\n` +
          `==> record/impressions(${name}) <==\n${HEADERS.impressions}\n${time},1,\\d+,\\d+,impressions\\1\n`,
      ),
    );
    await run(t, build!, folder, {});
    const { files: read } = JSON.parse(readFileSync(join(folder, "recorded-index/report.json"), "utf8")) as {
      files: readonly { kind: string; read: number; used: number }[];
    };
    t.same(
      read.filter(({ kind }) => kind === "clicks").map(({ used }) => used),
      [1],
    );
    for (const each of read) t.equal(each.used, each.read, each.kind);
  },
);

await t.test("the columns and the reasons are those of the code", (t) => {
  const plain = (cell = ""): string => cell.replaceAll("`", "");
  t.same(
    tablesOf(DOCUMENT, "file").map(([file, columns]) => [plain(file), plain(columns).replaceAll(", ", ",")]),
    RECORDED_KINDS.map((kind) => [kind, HEADERS[kind]]),
  );
  t.same(
    tablesOf(DOCUMENT, "`reason`").map(([reason]) => plain(reason)),
    UNCOUNTED_CLICKS,
  );
  t.end();
});
