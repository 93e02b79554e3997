/** Makes the Debian package of a compiled checkout: `make deb`. The same checkout gives the same bytes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { changelog, control, copyright, debianVersion } from "./debian-texts.js";
import { releaseTime } from "./release-time.js";

const ROOT = join(import.meta.dirname, "../../..");
const PROGRAM = "usr/lib/billboard";
const DOCUMENTS = "usr/share/doc/billboard";
/** The versions that have a library of their own: which one runs is up to the machine. */
const NODES = "20,22,24,25";
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Where the files of deploy/ go. */
const INSTALLED = {
  "deploy/systemd/billboard.service": "usr/lib/systemd/system/billboard.service",
  "deploy/systemd/billboard-build.service": "usr/lib/systemd/system/billboard-build.service",
  "deploy/systemd/billboard-build.timer": "usr/lib/systemd/system/billboard-build.timer",
  "deploy/systemd/billboard-cycle.service": "usr/lib/systemd/system/billboard-cycle.service",
  "deploy/systemd/billboard-cycle.timer": "usr/lib/systemd/system/billboard-cycle.timer",
  "deploy/systemd/sysusers.conf": "usr/lib/sysusers.d/billboard.conf",
  "deploy/systemd/tmpfiles.conf": "usr/lib/tmpfiles.d/billboard.conf",
  "deploy/systemd/billboard.env": "etc/billboard/billboard.env",
  "deploy/debian/billboard": "usr/bin/billboard",
  "deploy/debian/postinst": "DEBIAN/postinst",
  "deploy/debian/prerm": "DEBIAN/prerm",
  "deploy/debian/postrm": "DEBIAN/postrm",
};
const PROGRAMS = /^(usr\/bin\/|DEBIAN\/(post|pre)|usr\/lib\/billboard\/dist\/bin\/billboard\.js$)/;

/** Returns the path of the package. @throws Error whose message is one line */
export function makeDeb(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined)
    throw new Error(`there are Debian packages of x64 and arm64, and none of ${process.arch}`);
  const seconds = releaseTime(ROOT, version);
  const file = join(folder, `billboard_${debianVersion(version)}_${architecture}.deb`);
  const tree = mkdtempSync(join(tmpdir(), "billboard-deb-"));
  try {
    stage(tree);
    install(tree, version, seconds);
    describe(tree, version, architecture);
    settle(tree, seconds);
    mkdirSync(folder, { recursive: true });
    pack(tree, `${file}.part`, seconds);
    renameSync(`${file}.part`, file);
  } finally {
    rmSync(tree, { recursive: true });
  }
  return file;
}

function stage(tree: string): void {
  const program = join(tree, PROGRAM);
  mkdirSync(program, { recursive: true });
  run(process.execPath, [join(ROOT, "tools/stage/stage.mjs"), program, "--nodes", NODES]);
  // What packages have left in for their own development: `.eslintrc`, `.github`.
  for (const path of readdirSync(program, { recursive: true, encoding: "utf8" }))
    if (basename(path).startsWith(".")) rmSync(join(program, path), { recursive: true, force: true });
  mkdirSync(join(tree, "usr/share/doc"), { recursive: true });
  renameSync(join(program, "docs"), join(tree, DOCUMENTS));
  for (const name of ["README.md", "CHANGELOG.md"]) renameSync(join(program, name), join(tree, DOCUMENTS, name));
  rmSync(join(program, "LICENSE"));
}

function install(tree: string, version: string, seconds: number): void {
  for (const [from, to] of Object.entries(INSTALLED)) cpSync(join(ROOT, from), join(tree, to));
  const packages = packagesIn(join(tree, PROGRAM));
  writeFileSync(join(tree, DOCUMENTS, "copyright"), copyright(readFileSync(join(ROOT, "LICENSE"), "utf8"), packages));
  const text = changelog(version, new Date(seconds * 1000));
  writeFileSync(join(tree, DOCUMENTS, "changelog.gz"), gzipSync(text, { level: 9 }));
}

function describe(tree: string, version: string, architecture: string): void {
  const files = filesOf(tree).filter((path) => !path.startsWith("DEBIAN/"));
  const bytes = files.reduce((sum, path) => sum + statSync(join(tree, path)).size, 0);
  writeFileSync(join(tree, "DEBIAN/control"), control(version, architecture, Math.ceil(bytes / 1024)));
  writeFileSync(join(tree, "DEBIAN/conffiles"), "/etc/billboard/billboard.env\n");
  const sums = files.map((path) => {
    const sum = createHash("md5")
      .update(readFileSync(join(tree, path)))
      .digest("hex");
    return `${sum}  ${path}\n`;
  });
  writeFileSync(join(tree, "DEBIAN/md5sums"), sums.join(""));
}

/** Takes away what differs from one checkout to another: modes by the user's mask, and times. */
function settle(tree: string, seconds: number): void {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = PROGRAMS.test(path.slice(tree.length + 1));
    chmodSync(path, entry.isDirectory() || isProgram ? 0o755 : 0o644);
    lutimesSync(path, seconds, seconds);
  }
  chmodSync(tree, 0o755);
  lutimesSync(tree, seconds, seconds);
}

function pack(tree: string, file: string, seconds: number): void {
  // With more threads, the number of cores would tell in the bytes.
  const words = ["--root-owner-group", "-Zxz", "--threads-max=1", "--build", tree, file];
  run("dpkg-deb", words, { SOURCE_DATE_EPOCH: String(seconds) });
}

function packagesIn(program: string): readonly { readonly path: string; readonly license: string }[] {
  return filesOf(join(program, "node_modules"))
    .filter((path) => /^(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
    .map((path) => {
      const { license } = JSON.parse(readFileSync(join(program, "node_modules", path), "utf8")) as { license: string };
      return { path: `${PROGRAM}/node_modules/${path.replace(/package\.json$/, "*")}`, license };
    });
}

/** Paths in an order that does not depend on the disk. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function run(program: string, words: readonly string[], environment: Readonly<Record<string, string>> = {}): void {
  try {
    execFileSync(program, words, { stdio: "pipe", env: { ...process.env, ...environment } });
  } catch (error) {
    const { message, stderr } = error as { message: string; stderr?: Buffer };
    const said = stderr?.toString().trim() ?? "";
    throw new Error(said === "" ? message : said, { cause: error });
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    process.stdout.write(`${makeDeb(process.argv[2] ?? "release")}\n`);
  } catch (error) {
    process.stderr.write(`make deb: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
