/** Makes a release: version, changelog, commit and tag, and what is given out in release/: `make release`. */
import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dateOf, released } from "./changelog.js";

/** https://semver.org, without build metadata, which npm leaves out of comparisons. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$/;
const FOLDER = "release";

/** What differs from one person's shell to another's, and would be seen in the files. */
function settledEnvironment(): NodeJS.ProcessEnv {
  // An empty SOURCE_DATE_EPOCH is none: what is committed tells the time.
  return { ...process.env, TZ: "UTC", LC_ALL: "C", SOURCE_DATE_EPOCH: "" };
}

function run(folder: string, program: string, ...words: string[]): string {
  const options = { cwd: folder, encoding: "utf8", env: settledEnvironment() } satisfies ExecFileSyncOptions;
  try {
    return execFileSync(program, words, { ...options, stdio: ["ignore", "pipe", "pipe"] }).trim();
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${[program, ...words].join(" ")}: ${(stderr || stdout).trim()}`, { cause: error });
  }
}

function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** @throws Error whose message is one line, before anything is changed */
export function check(root: string, version: string | undefined): void {
  if (run(root, "git", "status", "--porcelain") !== "")
    throw new Error("there are changes that are not committed: commit them, or put them away, by `git status`");
  if (version === undefined) {
    const current = versionOf(root);
    if (dateOf(readFileSync(join(root, "CHANGELOG.md"), "utf8"), current) === undefined)
      throw new Error(
        `CHANGELOG.md has no section of ${current}, which is not released: name a version, VERSION=1.2.3`,
      );
    return;
  }
  if (!VERSION.test(version)) throw new Error(`VERSION=${version}: expected a version such as 1.2.3 or 1.2.3-rc.1`);
  if (run(root, "git", "tag", "--list", `v${version}`) !== "")
    throw new Error(`VERSION=${version}: there is a tag v${version} already: take the next version`);
  if (run(root, "git", "branch", "--show-current") === "")
    throw new Error("no branch is checked out, which would get the commit of the release: `git switch` to one");
}

/** Sets the version, and the changelog's section with the day of the commit that is released, and commits both. */
export function commit(tree: string, version: string): void {
  const date = run(tree, "git", "log", "-1", "--format=%cd", "--date=format-local:%Y-%m-%d");
  const file = join(tree, "CHANGELOG.md");
  writeFileSync(file, released(readFileSync(file, "utf8"), version, date));
  for (const name of ["docs/openapi.yaml", "docs/admin-api.yaml", "docs/conversions-api.yaml"]) {
    const api = join(tree, name);
    writeFileSync(api, readFileSync(api, "utf8").replace(/^( {2}version: ).*$/m, `$1${version}`));
  }
  run(tree, "npm", "version", version, "--no-git-tag-version", "--allow-same-version", "--ignore-scripts");
  run(tree, "git", "commit", "--quiet", "--all", "--message", `Release ${version}`);
}

/** From what is committed alone: neither what is compiled nor what is installed in the checkout counts. */
function pack(tree: string, folder: string): void {
  run(tree, "npm", "ci", "--prefer-offline", "--ignore-scripts");
  run(tree, "npm", "run", "compile");
  mkdirSync(folder, { recursive: true });
  run(tree, "npm", "pack", "--ignore-scripts", "--pack-destination", folder);
  run(tree, process.execPath, "dist/tools/release/deb.js", folder);
  const sums = readdirSync(folder)
    .sort()
    .map(
      (name) =>
        `${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}  ${name}\n`,
    );
  writeFileSync(join(folder, "SHA256SUMS"), sums.join(""));
}

/** @param version undefined for the one that is checked out, which is made again and neither committed nor tagged */
export function release(root: string, version: string | undefined): void {
  check(root, version);
  process.umask(0o022);
  const scratch = mkdtempSync(join(tmpdir(), "billboard-release-"));
  const [tree, made] = [join(scratch, "tree"), join(scratch, FOLDER)];
  try {
    run(root, "git", "worktree", "add", "--quiet", "--detach", tree, "HEAD");
    if (version !== undefined) commit(tree, version);
    pack(tree, made);
    rmSync(join(root, FOLDER), { recursive: true, force: true });
    cpSync(made, join(root, FOLDER), { recursive: true });
    if (version !== undefined) {
      run(root, "git", "merge", "--quiet", "--ff-only", run(tree, "git", "rev-parse", "HEAD"));
      run(root, "git", "tag", "--annotate", "--message", `Release ${version}`, `v${version}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    run(root, "git", "worktree", "prune");
  }
}

if (process.argv[1] === import.meta.filename) {
  const [version] = process.argv.slice(2);
  const root = join(import.meta.dirname, "../../..");
  try {
    release(root, version);
    process.stdout.write(readFileSync(join(root, FOLDER, "SHA256SUMS")));
    if (version !== undefined)
      process.stdout.write(`Committed and tagged as v${version}; \`git push --follow-tags\` gives it out.\n`);
  } catch (error) {
    process.stderr.write(`make release: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
