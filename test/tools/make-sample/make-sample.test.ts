import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import t from "tap";
import { sizeOf, typeOf } from "../../../build/images/header.js";

const COMMAND = resolve(import.meta.dirname, "../../../tools/make-sample/make-sample.js");

interface Run {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Run> {
  return new Promise((done) => {
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) => {
      done({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

/** The digest of each file, by name: of a difference in half a megabyte, a name is all one wants to read. */
function digests(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesIn(folder).map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}

await t.test("two runs, in other folders and time zones, write the committed data byte for byte", async (t) => {
  const folder = t.testdir({});
  t.equal((await run(["--out", join(folder, "first")])).code, 0);
  const env = { ...process.env, TZ: "Asia/Kathmandu", LC_ALL: "tr_TR.UTF-8" };
  t.equal((await run(["--out", "second"], { cwd: folder, env })).code, 0);
  t.same(digests(join(folder, "second")), digests(join(folder, "first")));
  t.same(digests("data"), digests(join(folder, "first")), "run `npm run make-sample` and commit data/");
});

await t.test("a second run into a folder replaces its own files and leaves others alone", async (t) => {
  const folder = t.testdir({
    "notes.txt": "mine",
    1: { "clicks_1.csv": "click_id,banner_id,campaign_id\n", "clicks_1_late.csv": "mine" },
    5: { "clicks_5.csv": "mine" },
    banners: { "image_113.svg": "of an earlier sample", "image_9999.png": "of an earlier sample", "logo.png": "mine" },
  });
  t.equal((await run(["--out", folder])).code, 0);
  const { "notes.txt": notes, "1/clicks_1_late.csv": late, "5/clicks_5.csv": fifth, ...rest } = digests(folder);
  const { "banners/logo.png": logo, ...sample } = rest;
  t.same(new Set([notes, late, fifth, logo]), new Set([createHash("sha256").update("mine").digest("hex")]));
  t.same(sample, digests("data"));
});

await t.test("the summary tells how many files and bytes were written, in one line", async (t) => {
  const folder = t.testdir({});
  const { stdout, stderr } = await run(["--out", folder]);
  const bytes = filesIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  t.equal(
    stdout,
    `make-sample: wrote 12 event files, 64 images, their texts and names of campaigns, ${bytes} bytes, into ${folder}\n`,
  );
  t.equal(stderr, "");
});

await t.test("the committed data has at most 2 MB", (t) => {
  const bytes = filesIn("data").reduce((sum, name) => sum + statSync(join("data", name)).size, 0);
  t.ok(bytes <= 2_000_000, `${bytes} bytes`);
  t.end();
});

await t.test("each image of the committed data has 300 x 250 pixels and is what its name says", (t) => {
  const types = new Set<string | undefined>();
  for (const name of readdirSync("data/banners")) {
    if (name === "banners.csv") continue;
    const bytes = readFileSync(join("data/banners", name));
    const type = typeOf(bytes)!;
    t.same(
      [type, sizeOf(bytes, type)],
      [name.split(".")[1]?.replace("jpg", "jpeg"), { width: 300, height: 250 }],
      name,
    );
    types.add(type);
  }
  t.same([...types].sort(), ["jpeg", "png", "svg"]);
  t.end();
});

await t.test("an unknown option ends it with code 2, a folder that cannot be written with code 1", async (t) => {
  const folder = t.testdir({ file: "" });
  const usage = await run(["--output", folder]);
  t.equal(usage.code, 2);
  t.match(usage.stderr, /^npm run make-sample: .*'--output'.*\n$/);
  const unwritable = await run(["--out", join(folder, "file")]);
  t.equal(unwritable.code, 1);
  t.match(unwritable.stderr, /^npm run make-sample: .*file.*: name another folder with --out\n$/);
  t.same(filesIn(folder), ["file"]);
});

await t.test("--help tells the options and writes nothing", async (t) => {
  const folder = t.testdir({});
  const { code, stdout } = await run(["--help", "--out", join(folder, "data")]);
  t.equal(code, 0);
  t.match(stdout, /--out DIR/);
  t.same(filesIn(folder), []);
});

await t.test("banners of the sample have a text, a link, both or neither", (t) => {
  const [header, ...rows] = readFileSync("data/banners/banners.csv", "utf8").trimEnd().split("\n");
  t.equal(header, "banner_id,alt,link");
  t.equal(rows.length, 64);
  const kinds = new Set(rows.map((row) => [/^\d+,,/.test(row) ? "" : "alt", row.endsWith(",") ? "" : "link"].join("")));
  t.same(kinds, new Set(["altlink", "alt", "link", ""]));
  t.ok(
    rows.some((row) => row.includes('""')),
    "quotes",
  );
  t.ok(
    rows.some((row) => row.includes("ö")),
    "letters beyond ASCII",
  );
  t.end();
});

await t.test("campaigns of the sample have a name or none, and one that pauses has a default banner", (t) => {
  const [header, ...rows] = readFileSync("data/campaigns.csv", "utf8").trimEnd().split("\n");
  t.equal(header, "campaign_id,name,default_banner");
  t.same(
    rows.map((row) => Number(row.split(",")[0])),
    Array.from({ length: 30 }, (_, at) => at + 1),
  );
  t.ok(rows.some((row) => /^\d+,,$/.test(row)));
  t.ok(rows.some((row) => row.includes('""')));
  const withDefault = rows.filter((row) => /,\d+$/.test(row));
  t.same(withDefault, ["28,Closed at half past,128"]);
  t.ok(readdirSync("data/banners").some((name) => name.startsWith("image_128.")));
  const runs = (period: number): boolean =>
    /,28$/m.test(readFileSync(`data/${period}/impressions_${period}.csv`, "utf8"));
  t.same([1, 2, 3, 4].map(runs), [true, true, false, true], "so that the rule `default` occurs");
  t.end();
});
