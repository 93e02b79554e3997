import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { check, commit } from "../../../tools/release/release.js";

const CHANGELOG = "# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-01-02\n\n- The first.\n";
const DAY = "2026-03-01";

function git(folder: string, ...words: string[]): string {
  const [identity, date] = [["-c", "user.name=A", "-c", "user.email=a@example.com"], `${DAY}T23:30:00Z`];
  const env = { ...process.env, GIT_COMMITTER_DATE: date };
  return execFileSync("git", [...identity, ...words], { cwd: folder, encoding: "utf8", env }).trim();
}

/** A repository with what a release changes. */
function repository(t: Test, changelog = CHANGELOG): string {
  const folder = t.testdir();
  const manifest = { name: "billboard", version: "0.1.0" };
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text);
  };
  mkdirSync(join(folder, "docs"));
  write("package.json", JSON.stringify(manifest));
  write("package-lock.json", JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { "": manifest } }));
  for (const name of ["docs/openapi.yaml", "docs/admin-api.yaml", "docs/conversions-api.yaml"])
    write(name, "info:\n  title: Billboard\n  version: 0.1.0\nother:\n  version: 0.1.0\n");
  write("CHANGELOG.md", changelog);
  git(folder, "init", "--quiet", "--initial-branch", "main");
  git(folder, "config", "user.name", "A");
  git(folder, "config", "user.email", "a@example.com");
  git(folder, "add", ".");
  git(folder, "commit", "--quiet", "--message", "First");
  return folder;
}

await t.test("a release is refused, in one line, before anything is changed", (t) => {
  const folder = repository(t);
  const refused = (version: string | undefined, message: RegExp): void => {
    const before = git(folder, "status", "--porcelain");
    t.throws(
      () => {
        check(folder, version);
      },
      { message },
    );
    t.equal(git(folder, "status", "--porcelain"), before);
  };
  for (const version of ["1.0", "v1.0.0", "1.0.0 ", "01.0.0", "1.0.0-", "", "1.0.0+a"])
    refused(version, /expected a version/);
  for (const version of ["1.0.0", "1.0.0-rc.1", undefined]) check(folder, version);
  git(folder, "tag", "v1.0.0");
  refused("1.0.0", /there is a tag v1\.0\.0 already/);
  writeFileSync(join(folder, "new"), "");
  refused("1.0.1", /not committed/);
  git(folder, "add", ".");
  refused("1.0.1", /not committed/);
  git(folder, "commit", "--quiet", "--message", "Second");
  git(folder, "checkout", "--quiet", "--detach");
  refused("1.0.1", /no branch is checked out/);
  t.end();
});

await t.test("a version that was never released cannot be made again", (t) => {
  const folder = repository(t, CHANGELOG.replaceAll("## 0.1.0", "## 0.0.9"));
  t.throws(() => {
    check(folder, undefined);
  }, /no section of 0\.1\.0, which is not released/);
  t.end();
});

await t.test("a release sets the version wherever it stands, and the changelog's section", (t) => {
  const folder = repository(t);
  commit(folder, "1.0.0");
  const textOf = (name: string): string => readFileSync(join(folder, name), "utf8");
  t.match(JSON.parse(textOf("package.json")), { version: "1.0.0" });
  t.match(JSON.parse(textOf("package-lock.json")), { version: "1.0.0", packages: { "": { version: "1.0.0" } } });
  for (const name of ["docs/openapi.yaml", "docs/admin-api.yaml", "docs/conversions-api.yaml"])
    t.equal(textOf(name), "info:\n  title: Billboard\n  version: 1.0.0\nother:\n  version: 0.1.0\n");
  t.equal(textOf("CHANGELOG.md"), CHANGELOG.replace("## Unreleased\n", `## Unreleased\n\n## 1.0.0 - ${DAY}\n`));
  t.equal(git(folder, "log", "-1", "--format=%s"), "Release 1.0.0");
  t.equal(git(folder, "status", "--porcelain"), "");
  check(folder, undefined);
  t.throws(() => {
    commit(folder, "1.0.1");
  }, /nothing is under "## Unreleased"/);
  t.end();
});
