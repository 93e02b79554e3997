import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeRoom, putInPlace } from "../../../src/pull/put-in-place.js";
import { FIRST, SECOND } from "../published.js";
import { digestOf } from "./pulling-server.js";

await t.test("a link in the place of the index is told before anything is brought", async (t) => {
  const folder = t.testdir({ other: "" });
  const file = join(folder, "index.bin");
  await makeRoom(file);
  symlinkSync(join(folder, "other"), file);
  await t.rejects(makeRoom(file), { name: "LoadIndexError", message: `${file}: nothing can be put in place there: ` });
});

await t.test("where the signature cannot be put there, the index is not either", async (t) => {
  const folder = t.testdir();
  const [file, path] = [join(folder, "index.bin"), join(folder, "brought")];
  writeFileSync(file, FIRST);
  writeFileSync(path, SECOND);
  mkdirSync(`${file}.sig`);
  await t.rejects(putInPlace({ path, digest: digestOf(SECOND), signature: "signed" }, file, { signature: undefined }));
  t.ok(readFileSync(file).equals(FIRST));
});
