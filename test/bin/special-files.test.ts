/** Puts pipes, devices, sockets, folders and links in the place of every file that a command reads or writes. */
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import t from "tap";
import { openFile, requireReplaceable } from "../../src/options/regular-file.js";
import { dataFolder } from "../build/data-folder.js";
import { IMAGE_BYTES } from "../build/images/image-bytes.js";
import { BILLBOARD, bareProgram, type Finished } from "../src/billboard.js";

/** A command that waits for a pipe is ended, and has no exit code. */
const PATIENCE_MS = 60_000;

function run(folder: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): Finished {
  const env = { PATH: process.env["PATH"], HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0", ...environment };
  const [program, ...args] = bareProgram(BILLBOARD, ...words);
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    env,
    timeout: PATIENCE_MS,
    killSignal: "SIGKILL",
  });
  return { status, stdout, stderr };
}

/** Makes one at a path, in place of what is there. */
const SPECIAL: Readonly<Record<string, (path: string) => void | Promise<void>>> = {
  "a pipe": (path) => void execFileSync("mkfifo", [path]),
  "a device": (path) => {
    symlinkSync("/dev/zero", path);
  },
  "a socket": async (path) => {
    // A short address, whatever the folder's: a link leads there.
    const link = join(mkdtempSync(join(tmpdir(), "b-")), "l");
    symlinkSync(dirname(path), link);
    const server = createServer().listen(join(link, basename(path)));
    await once(server, "listening");
    t.teardown(() => server.close());
  },
  "a folder": (path) => {
    mkdirSync(path);
  },
  "a link that leads nowhere": (path) => {
    symlinkSync("gone", path);
  },
  "a link that leads in a circle": (path) => {
    symlinkSync(path, path);
  },
};

async function put(kind: string, path: string): Promise<void> {
  rmSync(path, { force: true, recursive: true });
  mkdirSync(dirname(path), { recursive: true });
  await SPECIAL[kind]!(path);
}

const INPUT = {
  data: {
    ...dataFolder({ impressions: ["371,7", "372,7"], clicks: ["1,371,7"], conversions: [] }),
    banners: { "image_371.png": IMAGE_BYTES.png, "banners.csv": "banner_id,alt,link\n371,Alt,\n" },
  },
};

const BUILD = ["build"];
const LOAD_TEST = ["load-test", "--url", "http://127.0.0.1:1", "--requests", "1", "--timeout", "1"];

/** What each command reads, and the words of the command. */
const READ: readonly [path: string, words: readonly string[]][] = [
  ["data/1/clicks_1.csv", BUILD],
  ["data/1/clicks_1.csv", [...BUILD, "--workers", "2"]],
  ["data/banners/image_371.png", BUILD],
  ["data/banners/banners.csv", BUILD],
  ["data", BUILD],
  ["data/banners", BUILD],
  ["index", ["inspect", "--index", "index"]],
  ["index", ["export", "--index", "index", "--out", "exported"]],
  ["index", ["publish", "--index", "index", "--to", "http://127.0.0.1:1/index.bin"]],
  ["index", [...LOAD_TEST, "--index", "index"]],
  ["index", ["serve", "--index-file", "index"]],
  ["pid", ["stop", "--pid-file", "pid"]],
  ["pid", ["status", "--pid-file", "pid"]],
  ["pid", ["reload", "--pid-file", "pid"]],
];

/** What each command writes, where nothing is followed. */
const WRITTEN: readonly [path: string, words: readonly string[]][] = [
  ...[".build.lock", "index.bin", "index.bin.tmp", "index.previous.bin", "rejects.csv", "rejects.csv.tmp"].map(
    (name) => [`dist-index/${name}`, BUILD] as [string, readonly string[]],
  ),
  ["dist-index/report.json", BUILD],
  ["dist-index/report.html", BUILD],
  ["dist-index/report.refused.html", BUILD],
  ["dist-index", BUILD],
  ["dist-index/index.previous.bin", ["rollback"]],
  ["exported", ["export", "--index", "published/index.bin", "--out", "exported"]],
  ["figures", [...LOAD_TEST, "--json", "figures"]],
  ["pid", ["serve", "--index-file", "published/index.bin", "--pid-file", "pid"]],
];

/** One line that names the place. */
function isTold({ status, stdout, stderr }: Finished, path: string): boolean {
  const isOneLine = stderr.indexOf("\n") === stderr.length - 1;
  return (
    status === 1 && isOneLine && stderr.includes(path) && stdout.split("\n").every((line) => /^({.*)?$/.test(line))
  );
}

await t.test(
  "a pipe that nobody writes to, in the place of what a command reads, is told and not waited for",
  async (t) => {
    for (const [path, words] of READ) {
      const place = t.testdir(INPUT);
      await put("a pipe", join(place, path));
      const finished = run(place, words);
      t.ok(isTold(finished, path), `${words.join(" ")}: ${path}: ${JSON.stringify(finished)}`);
    }
  },
);

await t.test("a device that never ends, and a link that leads in a circle, are told, too", async (t) => {
  for (const kind of ["a device", "a link that leads in a circle"])
    for (const [path, words] of READ.filter(([path]) => path !== "data/banners" && path !== "data").slice(0, 5)) {
      const place = t.testdir(INPUT);
      await put(kind, join(place, path));
      const finished = run(place, words);
      t.ok(isTold(finished, path), `${kind}: ${words.join(" ")}: ${path}: ${JSON.stringify(finished)}`);
    }
});

await t.test("a pipe, or a link, in the place of what a command writes is told, and left as it is", async (t) => {
  const place = t.testdir({ ...INPUT, victim: "precious" });
  t.equal(run(place, [...BUILD, "--out", "published"]).status, 0);
  for (const [path, words] of WRITTEN)
    for (const kind of ["a pipe", "a link"]) {
      const at = join(place, path);
      rmSync(join(place, "dist-index"), { recursive: true, force: true });
      if (kind === "a pipe") await put(kind, at);
      else {
        rmSync(at, { force: true, recursive: true });
        mkdirSync(dirname(at), { recursive: true });
        symlinkSync(join(place, "victim"), at);
      }
      const finished = run(place, words);
      t.ok(isTold(finished, path), `${kind}: ${words.join(" ")}: ${path}: ${JSON.stringify(finished)}`);
      t.match(finished.stderr, / is a (pipe|link|file), expected /);
      const left = lstatSync(at);
      t.ok(kind === "a pipe" ? left.isFIFO() : left.isSymbolicLink(), `${path} is left`);
      t.equal(readFileSync(join(place, "victim"), "utf8"), "precious");
      rmSync(at, { force: true });
    }
  t.strictSame(readdirSync(place).sort(), ["data", "published", "victim"]);
});

await t.test("an output folder may be a link to one", (t) => {
  const place = t.testdir({ ...INPUT, real: {}, "dist-index": t.fixture("symlink", "real") });
  t.equal(run(place, BUILD).status, 0);
  t.ok(readdirSync(join(place, "real")).includes("index.bin"));
  t.end();
});

for (const kind of Object.keys(SPECIAL))
  await t.test(`${kind} is not opened for reading, and not replaced, with a line that says what it is`, async (t) => {
    const path = join(t.testdir(), "path");
    await put(kind, path);
    t.throws(() => openFile(path), {
      name: "FileError",
      message: `${path}: is ${kind}, expected ${kind.startsWith("a link") ? "what it stands for" : "a file"}: move it away, or name another`,
    });
    const shown = lstatSync(path).isSymbolicLink() ? "a link" : kind;
    const expected = "expected a file, or nothing, to write to: move it away, or name another";
    t.throws(
      () => {
        requireReplaceable(path);
      },
      { name: "FileError", message: `${path}: is ${shown}, ${expected}` },
    );
  });
