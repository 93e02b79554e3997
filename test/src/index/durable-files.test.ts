import { readFileSync, statSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { holds, linkOrCopy, writeFlushed } from "../../../src/index/durable-files.js";

await t.test("what is written is a new file, and no link is followed", async (t) => {
  const folder = t.testdir({ victim: "precious", link: t.fixture("symlink", "victim") });
  await writeFlushed(join(folder, "file"), "short");
  t.equal(readFileSync(join(folder, "file"), "utf8"), "short");
  for (const name of ["victim", "link"]) await t.rejects(writeFlushed(join(folder, name), "x"), { code: "EEXIST" });
  t.equal(readFileSync(join(folder, "victim"), "utf8"), "precious");
});

await t.test(
  "bytes in parts, large and small, are written one after the other, and found the same again",
  async (t) => {
    const path = join(t.testdir(), "file");
    const parts = [9 * 2 ** 20 + 5, 0, 3, 2 ** 22, 7].map((length, at) => new Uint8Array(length).fill(at + 1));
    const whole = Buffer.concat(parts);
    t.notOk(await holds(path, parts), "no file");
    await writeFlushed(path, parts);
    t.ok(readFileSync(path).equals(whole));
    t.ok(await holds(path, parts));
    t.ok(await holds(path, [whole]));
    t.notOk(await holds(path, [...parts, Uint8Array.of(1)]), "another length");
    for (const at of [0, 2 ** 22, whole.length - 1]) {
      whole[at]! ^= 1;
      t.notOk(await holds(path, [whole]), `another byte at ${at}`);
      whole[at]! ^= 1;
    }
    t.notOk(await holds(join(path, ".."), parts), "a folder");
  },
);

await t.test("a second name is one for the same bytes on the disk", async (t) => {
  const folder = t.testdir({ file: "content" });
  await linkOrCopy(join(folder, "file"), join(folder, "name"));
  t.equal(statSync(join(folder, "name")).ino, statSync(join(folder, "file")).ino);
});

await t.test("without hard links it is a copy, which is flushed", async (t) => {
  const folder = t.testdir({ file: "content" });
  let flushed = 0;
  const { linkOrCopy: withoutLinks } = await t.mockImport<typeof import("../../../src/index/durable-files.js")>(
    import.meta.resolve("../../../src/index/durable-files.js"),
    {
      "node:fs/promises": {
        ...promises,
        link: () => Promise.reject(Object.assign(new Error("not permitted"), { code: "EPERM" })),
        open: async (path: string, flags: string) => {
          const handle = await promises.open(path, flags);
          const sync = handle.sync.bind(handle);
          handle.sync = () => {
            flushed++;
            return sync();
          };
          return handle;
        },
      },
    },
  );
  await withoutLinks(join(folder, "file"), join(folder, "name"));
  writeFileSync(join(folder, "file"), "changed");
  t.equal(readFileSync(join(folder, "name"), "utf8"), "content");
  t.equal(flushed, 1);
});

await t.test("a file that is not there has no second name, and no copy", async (t) => {
  const folder = t.testdir();
  await t.rejects(linkOrCopy(join(folder, "file"), join(folder, "name")), { code: "ENOENT" });
});
