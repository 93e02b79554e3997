import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { containersOf, synthesise } from "./synthesised.js";

const { build, serve } = synthesise();
const { index } = containersOf(serve);
const { fetch, store } = containersOf(build);

/** A folder is S3: s3://bucket/key is bucket/key in it. What is asked of it, and of the server, is written to `log`. */
const AWS = `
cd "$S3"
value() { while [ "$1" != "$2" ]; do set -- "$1" "\${@:3}"; done; echo "$3"; }
etag() { echo "\\"$(md5sum <"$INDEX_BUCKET/index.bin" | cut -c 1-32)\\""; }
case "$1 $2" in
  "s3api head-object")
    [ -e "$INDEX_BUCKET/index.bin" ] || exit 254
    etag
    if [ -e newer ]; then mv newer "$INDEX_BUCKET/index.bin"; fi ;;
  "s3api get-object")
    [ "$(value --if-match "$@")" = "$(etag)" ] || { echo "replaced meanwhile" >>"$LOG"; exit 254; }
    cp "$INDEX_BUCKET/index.bin" "\${@: -1}" ;;
  "s3 cp") echo "stored \${@: -1}" >>"$LOG" ;;
  "s3 sync") echo "synchronised \${@: -2}" >>"$LOG" ;;
esac`;
const CURL = `
echo "reload: $(cat "$FOLDER/index.bin")" >>"$LOG"
if [ -e "$S3/refuse" ]; then rm "$S3/refuse"; exit 22; fi`;
/** Instead of a pause, the next step happens; after the last one, the script is ended. */
const SLEEP = `
echo "pause $1" >>"$LOG"
cd "$S3"
next=$(ls steps | head -n 1)
if [ -z "$next" ]; then kill $PPID; exit; fi
bash "steps/$next"
rm "steps/$next"`;

/** @returns what was asked, line by line */
function run(
  t: TestContext,
  script: string,
  steps: readonly string[] = [],
): { log: string[]; folder: string; status: number | null } {
  const root = mkdtempSync(join(tmpdir(), "billboard-aws-scripts-"));
  t.after(() => {
    rmSync(root, { recursive: true });
  });
  const [bin, s3, folder] = ["bin", "s3", "folder"].map((name) => join(root, name)) as [string, string, string];
  for (const made of [bin, s3, folder, join(s3, "steps"), join(s3, "index-bucket")]) mkdirSync(made);
  for (const [name, text] of Object.entries({ aws: AWS, curl: CURL, sleep: SLEEP })) {
    writeFileSync(join(bin, name), `#!/usr/bin/env bash${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  steps.forEach((step, place) => {
    writeFileSync(join(s3, "steps", String(place)), step);
  });
  const log = join(root, "log");
  writeFileSync(log, "");
  const { status } = spawnSync("bash", ["-c", script], {
    env: {
      ...{ PATH: `${bin}:${process.env["PATH"]!}`, S3: s3, LOG: log, FOLDER: folder },
      ...{ INDEX_BUCKET: "index-bucket", DATA_BUCKET: "data-bucket", DATA_FOLDER: "/data" },
      ...{ ADMIN_PORT: "8081", FOLLOW_SECONDS: "60" },
    },
    timeout: 60_000,
  });
  return { log: readFileSync(log, "utf8").split("\n").filter(Boolean), folder, status };
}

void test("the index is fetched before the server starts, and each later one is followed by one reload", (t) => {
  const put = (text: string) => `printf '${text}' >index-bucket/index.bin`;
  const { log, folder } = run(t, index?.["Command"][0] as string, [
    put("one"),
    "",
    put("two"),
    "",
    // Refused once: it is tried again.
    `${put("three")}; touch refuse`,
    "",
    // Replaced between the question which is the newest and the download.
    `${put("four")}; printf five >newer`,
    "",
  ]);
  assert.deepEqual(
    log.filter((line) => line !== "pause 60"),
    ["reload: two", "reload: three", "reload: three", "replaced meanwhile", "reload: five"],
  );
  assert.equal(log.indexOf("reload: two"), 3, "neither without an index, nor for the first, nor for the same again");
  assert.equal(readFileSync(join(folder, "index.bin"), "utf8"), "five");
  assert.ok(!existsSync(join(folder, "index.bin.part")));
});

void test("the index before is fetched for the builder, and may be replaced by it", (t) => {
  const { log, status, folder } = run(t, fetch?.["Command"][0] as string);
  assert.equal(status, 0);
  assert.equal(log[0], "synchronised s3://data-bucket /data");
  assert.match(log[1]!, /^synchronised s3:\/\/index-bucket \/.*\/folder$/);
  assert.equal(statSync(folder).mode & 0o777, 0o777);
});

void test("the index is stored last, after its reports", (t) => {
  const script = `touch "$FOLDER"/{index.bin,report.json,report.html}; ${store?.["Command"][0] as string}`;
  const { log, status } = run(t, script);
  assert.equal(status, 0);
  assert.deepEqual(log, [
    "stored s3://index-bucket/reports/report.json",
    "stored s3://index-bucket/reports/report.html",
    "stored s3://index-bucket/index.bin",
  ]);
});
