import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { closedFiles } from "../../../build/recorded/closed-files.js";
import { MergedFolder } from "../../../build/recorded/merged-folder.js";
import { build } from "../../../build/stages.js";
import { BILLBOARD, bareProgram } from "../../src/billboard.js";
import { buildIndex } from "../commands.js";
import { recordedEvents, recordIn } from "./recorded-events.js";

t.setTimeout(300_000);

const ZONE = "Asia/Kathmandu";
const SERVER = "0123456789abcdef";
const COMPACT = ["compact", "--before", "2026-11-30", "--time-zone", ZONE];

/** Counts the calls by which a program changes files, and ends at one of them: killed, or by the call's failure. */
const FAILING = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
let left = Number(process.env.CALLS);
function watch(functions, name) {
  const original = functions[name];
  functions[name] = function (...args) {
    if (left-- === 0) {
      if (process.env.END === "kill") process.kill(process.pid, "SIGKILL");
      const error = Object.assign(new Error("EIO: i/o error, " + name), { code: "EIO", syscall: name });
      if (functions === fs.promises) return Promise.reject(error);
      throw error;
    }
    return original.apply(this, args);
  };
}
for (const name of ["mkdirSync", "writeFileSync", "renameSync", "rmSync", "fsyncSync", "createWriteStream"]) watch(fs, name);
watch(fs.promises, "open");
syncBuiltinESMExports();
process.on("exit", () => fs.writeSync(2, "calls left: " + left));
`;

async function indexOf(record: string, folder: string): Promise<Buffer> {
  const [data, out] = [join(folder, "links"), join(folder, "out")];
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  MergedFolder.make(data, [record], undefined);
  await build({ data, banners: undefined, out, onBadRow: "stop", timestamps: { "time-zone": ZONE }, accept: ["all"] });
  return readFileSync(join(out, "index.bin"));
}

class Compactions {
  readonly program: string;
  readonly folder: string;

  constructor(t: Test) {
    this.folder = t.testdir({ "failing.mjs": FAILING });
    this.program = join(this.folder, "failing.mjs");
  }

  /** With so many calls that change files before the one that ends it. */
  run(record: string, calls: number, end: "kill" | "fail"): { status: number | null; stderr: string } {
    const [program, ...words] = bareProgram("--import", this.program, BILLBOARD, ...COMPACT);
    return spawnSync(program, [...words, "--record", record], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], CALLS: String(calls), END: end },
    });
  }
}

for (const end of ["kill", "fail"] as const)
  await t.test(`at whichever call a compaction comes to its end (${end}), each row counts once`, async (t) => {
    const compactions = new Compactions(t);
    const { folder } = compactions;
    const made = recordIn(join(folder, "made"), SERVER, recordedEvents("2026-11-29T00:00:00Z", 3, 150));
    const expected = await indexOf(made, folder);
    // The second of two compactions: the first one's file is folded again.
    const first = compactions.run(made, Infinity, end);
    t.equal(first.status, 0, first.stderr);
    const later = recordedEvents("2026-11-29T03:00:00Z", 2, 100, 2);
    recordIn(
      made,
      SERVER,
      later.filter(({ kind }) => kind === "impressions"),
    );
    const both = await indexOf(made, folder);
    t.notOk(both.equals(expected));

    const record = join(folder, "in use");
    let ended = 0;
    for (let calls = 0; ; calls++) {
      rmSync(record, { recursive: true, force: true });
      cpSync(made, record, { recursive: true });
      const { status, stderr } = compactions.run(record, calls, end);
      t.ok((await indexOf(record, folder)).equals(both), `after ${calls} calls a build has every row once`);
      if (status === 0) break;
      ended++;
      if (end === "fail") t.match(stderr, /^billboard compact: .*EIO.*no row is lost, and none counts twice\n/);
      compactions.run(record, 3 + (calls % 8), end);
      t.ok((await indexOf(record, folder)).equals(both), "and where the next one ends early too");
      const { status: next, stderr: told } = compactions.run(record, Infinity, end);
      t.equal(next, 0, told);
      t.ok((await indexOf(record, folder)).equals(both), `after ${calls} calls and another compaction, too`);
      t.same(readdirSync(join(record, ".compaction")), [], "what was left is cleaned up");
      const names = readdirSync(record).filter((name) => name.startsWith("impressions"));
      t.match(names, [/^impressions-compact-/]);
      t.equal(names.length, 1);
    }
    t.ok(ended > 15, `ended at ${ended} calls`);
  });

await t.test("a build of the folder itself leaves out what a compaction that was killed has replaced", (t) => {
  const into = "impressions-compact-20261130T000000Z-0123456789abcdef.csv";
  const row = "2026-11-29T10:00:00Z,1,2,5,";
  const folder = t.testdir({
    ".compaction": { [`${into}.json`]: '{"files":["impressions-a.csv"]}' },
    "impressions-a.csv": `timestamp,campaign_id,banner_id,count,file\n${row}a\n`,
    [into]: `timestamp,campaign_id,banner_id,count,file\n${row}compact\n`,
    "clicks-a.csv": "timestamp,click_id,campaign_id,banner_id\n2026-11-29T10:00:00Z,x,1,2\n",
    "conversions-a.csv": "timestamp,conversion_id,click_id,revenue\n2026-11-29T10:00:00Z,o,x,1\n",
  });
  const { status, stdout, stderr } = buildIndex(["--data", folder, "--out", join(folder, "out"), "--banners", folder]);
  t.equal(status, 0, stderr + stdout);
  t.match(stdout, /^all rows +3 read = 3 used/m);
  t.notMatch(stdout, /^impressions-a\.csv/m);
  t.end();
});

await t.test("a list that is damaged is an error where it counts, and nothing where it does not", (t) => {
  const into = "impressions-compact-20261130T000000Z-0123456789abcdef.csv.gz";
  const record = t.testdir({ ".compaction": { [`${into}.json`]: '{"files":["../a"]}' }, "impressions-a.csv": "" });
  t.same(
    closedFiles(record).map(({ name }) => name),
    ["impressions-a.csv"],
  );
  writeFileSync(join(record, into), "");
  t.throws(() => closedFiles(record), { message: /\.json: is damaged, and told which files .* takes the place of/ });
  t.end();
});
