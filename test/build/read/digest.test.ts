import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { digestFile } from "../../../build/read/digest.js";

await t.test("the digest is that of all bytes, whatever they are", async (t) => {
  const path = join(t.testdir(), "file");
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 13, 10]), Buffer.alloc(3_000_001, "0123456789")]) {
    writeFileSync(path, bytes);
    t.equal(await digestFile(path), createHash("sha256").update(bytes).digest("hex"));
  }
});

await t.test("a file that is not there is told with its path", async (t) => {
  const path = join(t.testdir(), "gone");
  await t.rejects(digestFile(path), { code: "ENOENT", path });
});
