import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ROOT } from "../tools/docs/documents.js";

const folder = t.testdir();
const index = join(folder, "out/index.bin");
const pidFile = join(folder, "billboard.pid");
const environment = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  INDEX_FILE: index,
  HOST: "127.0.0.1",
  PORT: "0",
  ADMIN_PORT: "0",
};

/** The words behind `make`. What is compiled is taken as it is: making it anew would pull it from under the tests. */
const wordsOf = (target: string, ...words: string[]): string[] => [
  "-C",
  ROOT,
  "--no-print-directory",
  "-o",
  "dist/.compiled",
  target,
  `PID_FILE=${pidFile}`,
  `DATA_FILE=${join(folder, "billboard.data")}`,
  `ARGS=--out ${join(folder, "out")}`,
  ...words,
];

function make(target: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const options = { encoding: "utf8", env: environment } as const;
  const { status, stdout, stderr } = spawnSync("make", wordsOf(target, ...words), options);
  return { status, stdout, stderr };
}

/** The sample's first campaign, with one more click. */
function changedData(): string {
  const data = join(folder, "data");
  cpSync(join(ROOT, "data"), data, { recursive: true });
  mkdirSync(join(data, "1"), { recursive: true });
  writeFileSync(join(data, "1/clicks_more.csv"), "click_id,banner_id,campaign_id\n4294967295,4294967295,1\n");
  return data;
}

await t.test("make compiles anew where anything of the program is newer", (t) => {
  const { stdout } = spawnSync("make", ["-C", ROOT, "-npq", "help"], { encoding: "utf8", env: environment });
  const [, sources = ""] = /^SOURCES := (.*)$/m.exec(stdout) ?? [];
  const known = new Set(sources.split(" "));
  for (const folder of ["src", "ui", "embed", "build"])
    for (const name of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }))
      if (/\.\w+$/.test(name)) t.ok(known.has(join(folder, name)), join(folder, name));
  t.ok(known.has("docs/admin-api.yaml"));
  t.end();
});

await t.test(
  "a server is started, refused a second time, given new data and bad ones, rolled back and stopped by make",
  async (t) => {
    const server = spawn("make", wordsOf("start"), { env: environment, stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(server, "exit") as Promise<[code: number | null]>;
    let output = "";
    for await (const chunk of server.stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      output += chunk.toString();
      if (/^Dashboard: .*\n/m.test(output)) break;
    }
    server.stdout.resume();
    t.match(
      output,
      /\n\{.*"event":"ready".*\}\nIndex: {5}generation \w{16}, 4 periods, .*\nPage: .*\/campaigns\/\d+\/\nDashboard: .*\/\n$/,
    );
    t.ok(existsSync(index), "ARGS went to the build");

    const again = make("start");
    t.not(again.status, 0);
    t.equal(again.stdout, "", "nothing is built");
    t.match(
      again.stderr,
      /^Billboard: process \d+ serves generation .* \(`make stop`, or where it was started, ends it\)\nmake: .*\n$/,
    );

    const other = [`DATA=${changedData()}`];
    t.match(make("importdata", ...other), {
      status: 0,
      stdout: /\nBillboard: index reloaded: generation \w+ replaces \w+\.\n/,
    });
    t.match(make("importdata"), {
      status: 0,
      // The data are those of the last build.
      stdout: /\nBillboard: index unchanged: generation \w+ is served already\.\n/,
    });

    rmSync(join(folder, "data/4"), { recursive: true });
    const refused = make("importdata", ...other);
    t.not(refused.status, 0);
    t.match(refused.stderr, /^periods: 3 periods of the hour, and the published index has 4: /);
    t.notMatch(refused.stdout, /index (reloaded|unchanged)/, "the server is left alone");
    t.match(make("importdata", ...other, `ARGS=--out ${join(folder, "out")} --accept all`), {
      status: 0,
      stdout: /\nBillboard: index reloaded: generation \w+ replaces \w+\.\n/,
    });
    t.match(make("rollback"), { status: 0, stdout: /\nBillboard: index reloaded: generation \w+ replaces \w+\.\n/ });
    t.match(make("stop"), { status: 0, stdout: /^Billboard: process \d+ has ended\.\n$/ });
    t.same(await ended, [0, null]);

    t.match(make("stop"), { status: 0, stdout: "Billboard: no server runs here.\n" });
    t.match(make("rollback"), { status: 0, stdout: /no server answers at http:.*\/; `make start` starts one/ });
    t.not(make("importdata", "DATA=nowhere").status, 0);
    t.match(make("importdata"), { status: 0, stdout: /before +unchanged: generation/ });
  },
);
