import { statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeFolder } from "../../../src/options/make-folder.js";

const isFolder = (path: string): boolean => statSync(path).isDirectory();

await t.test("a folder is made with all that is missing above it, and one that is there stays", (t) => {
  const root = t.testdir({ link: t.fixture("symlink", "there"), there: { file: "a" } });
  for (const name of ["new", "a/b/c", "there", "there/", "link/below", "x/../d"]) {
    makeFolder(`${root}/${name}`);
    t.ok(isFolder(join(root, name)), name);
  }
  t.ok(statSync(join(root, "there/file")).isFile());
  t.ok(isFolder(join(root, "there/below")));
  makeFolder(".");
  makeFolder("/");
  t.end();
});

await t.test("what cannot be made is an error that says why", (t) => {
  const root = t.testdir({ file: "a" });
  symlinkSync("nowhere/at/all", join(root, "dangling"));
  for (const [name, code] of [
    ["file", "EEXIST"],
    ["file/below", "ENOTDIR"],
    ["dangling", "EEXIST"],
  ] as const)
    t.throws(
      () => {
        makeFolder(`${root}/${name}`);
      },
      { code },
      name,
    );
  t.end();
});

await t.test("where nobody can make a folder, it does not try for ever", (t) => {
  for (const path of ["/proc/billboard", "/proc/billboard/below"])
    t.throws(
      () => {
        makeFolder(path);
      },
      /mkdir '\/proc\/billboard'/,
      path,
    );
  t.end();
});
