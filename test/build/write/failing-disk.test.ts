import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { build } from "../../../build/stages.js";
import { filesOf } from "../built-index.js";
import { bare } from "../commands.js";
import { dataFolder } from "../data-folder.js";
import { twoGenerations } from "./two-generations.js";

const BUILD_INDEX = bare("build");

/** Runs a line of shell with the words behind it as $1, $2, … */
function shell(line: string, ...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", line, "sh", ...words], { encoding: "utf8" });
  return { status, stdout, stderr };
}

await t.test("a write that fails midway is one line with the remedy, and leaves all that was published", async (t) => {
  const folder = t.testdir();
  const { arguments: words } = await twoGenerations(folder);
  const out = join(folder, "out");
  t.equal(shell('exec "$@"', ...BUILD_INDEX, ...words[0], "--out", out).status, 0);
  const before = filesOf(out);
  // No file may be larger than so many blocks of 512 bytes: first the rejects are, then the index, then nothing is.
  const limits: [blocks: number, status: number][] = [
    [0, 1],
    [64, 1],
    [8192, 0],
  ];
  for (const [blocks, expected] of limits) {
    const line = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;
    const { status, stdout, stderr } = shell(line, ...BUILD_INDEX, ...words[1], "--out", out);
    t.equal(status, expected, stderr);
    if (expected === 0) continue;
    t.match(stderr, /^billboard build: .*out.*: EFBIG: .*; nothing is published\n$/);
    t.equal(stdout, "");
    t.strictSame(filesOf(out), before, `with ${blocks} blocks`);
  }
  t.notSame(filesOf(out), before);
});

/** A name space of its own, where a user who is not root may mount too, and which is gone with its last process. */
const NAME_SPACES = [
  ["unshare", "--mount"],
  ["unshare", "--user", "--map-root-user", "--mount"],
];
const NAME_SPACE = NAME_SPACES.find(
  ([program = "", ...words]) =>
    spawnSync(program, [...words, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]).status === 0,
);

await t.test("a full disk is one line with the remedy, and leaves all that was published", async (t) => {
  if (NAME_SPACE === undefined) {
    t.comment("no small disk can be mounted here: the test before, with writes that fail, stands for this one");
    return;
  }
  const folder = t.testdir();
  const { arguments: words } = await twoGenerations(folder);
  const disk = join(folder, "disk");
  mkdirSync(disk);
  // Room for one build and a part of the next: the disk is filled up to so many kilobytes after the first.
  const script = `
    mount -t tmpfs -o size=8m tmpfs "$1" || exit 90
    disk=$1 first=$2 second=$3
    shift 3
    "$@" --accept all --data "$first" --out "$disk/out" >"$disk/told" || exit 91
    sums() { (cd "$disk/out" && ls -A && cat index.bin rejects.csv report.json report.html | sha256sum); }
    sums >"$disk/before"
    for room in 0 40 240 320; do
      free=$(df --output=avail -k "$disk" | tail -n 1)
      head -c "$(( (free - room) * 1024 ))" /dev/zero >"$disk/fill"
      "$@" --accept all --data "$second" --out "$disk/out" && echo "built with $room"
      rm "$disk/fill"
      sums | cmp - "$disk/before" >&2 || echo "changed with $room"
    done
    "$@" --accept all --data "$second" --out "$disk/out" >"$disk/told" && echo "built with room"`;
  const [program = "", ...options] = NAME_SPACE;
  const { status, stdout, stderr } = spawnSync(
    program,
    [...options, "sh", "-c", script, "sh", disk, words[0][1]!, words[1][1]!, ...BUILD_INDEX],
    { encoding: "utf8" },
  );
  t.equal(status, 0, stderr);
  t.equal(stdout, "built with room\n", "the disk is full four times, and nothing of what was published is changed");
  const lines = stderr.split("\n").slice(0, -1);
  t.equal(lines.length, 4);
  for (const line of lines)
    t.match(line, /^billboard build: .*out.*: ENOSPC: .*: free space there; nothing is published$/);
});

/** Root may write anywhere, unless it gives that up. */
const WITHOUT_PRIVILEGES = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"] : [];

await t.test("a folder without permission to write is one line with the remedy, and stays as it was", async (t) => {
  const folder = t.testdir({ old: dataFolder({ impressions: ["1,1"] }), data: dataFolder({ impressions: ["2,1"] }) });
  const out = join(folder, "out");
  await build({ data: join(folder, "old"), banners: undefined, out, onBadRow: "stop" });
  const before = filesOf(out);
  const words = [...WITHOUT_PRIVILEGES, ...BUILD_INDEX, "--data", join(folder, "data")];
  const told = (place: string): RegExp =>
    new RegExp(`^billboard build: ${place}.*: EACCES: .*: give this user the permission; nothing is published\n$`);
  chmodSync(out, 0o555);
  try {
    const denied = shell('exec "$@"', ...words, "--out", out);
    t.equal(denied.status, 1);
    t.match(denied.stderr, told(out));
    t.strictSame(filesOf(out), before);
    const below = shell('exec "$@"', ...words, "--out", join(out, "deeper"));
    t.equal(below.status, 1);
    t.match(below.stderr, told(join(out, "deeper")));
  } finally {
    chmodSync(out, 0o755);
  }
});

await t.test("a file without permission to read is one line with its path", (t) => {
  const folder = t.testdir({ data: dataFolder({ impressions: ["2,1"] }) });
  const file = join(folder, "data", "1", "impressions_1.csv");
  chmodSync(file, 0);
  const words = [...WITHOUT_PRIVILEGES, ...BUILD_INDEX, "--data", join(folder, "data"), "--out", join(folder, "out")];
  const { status, stderr } = shell('exec "$@"', ...words);
  t.equal(status, 1);
  t.match(stderr, new RegExp(`^billboard build: ${file}: EACCES: .*\n$`));
  t.end();
});
