import { createHash } from "node:crypto";
import { appendFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t from "tap";
import { digestOf, READS_ZSTD, Source, type FoundBytes } from "../../../build/read/source.js";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Calls `during` once the first bytes are there. */
async function unpack(
  file: FoundBytes,
  during: () => void = () => undefined,
): Promise<{ source: Source; text: Buffer }> {
  const source = new Source(file);
  const chunks: Buffer[] = [];
  for await (const chunk of source.unpacked()) if (chunks.push(Buffer.from(chunk)) === 1) during();
  return { source, text: Buffer.concat(chunks) };
}

await t.test("the digest is that of all bytes, whatever they are", async (t) => {
  const path = join(t.testdir(), "file");
  for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 13, 10]), Buffer.alloc(3_000_001, "0123456789")]) {
    writeFileSync(path, bytes);
    t.equal(digestOf({ path }), sha256(bytes));
    const { source, text } = await unpack({ path });
    t.equal(source.digest, sha256(bytes));
    t.equal(source.bytesRead, bytes.length);
    t.ok(text.equals(bytes));
  }
});

await t.test("a file that is not there is told with its path", async (t) => {
  const path = join(t.testdir(), "gone");
  t.throws(() => digestOf({ path }), { code: "ENOENT", path });
  await t.rejects(unpack({ path: `${path}.gz` }), { code: "ENOENT", path: `${path}.gz` });
});

await t.test("gzip is unpacked, in one part or several, and the digest is that of the packed bytes", async (t) => {
  const path = join(t.testdir(), "clicks.csv.GZ");
  const text = Buffer.alloc(3_000_001, "0123456789\n");
  const parts = [text.subarray(0, 1_000_000), text.subarray(1_000_000)].map((part) => gzipSync(part));
  for (const bytes of [gzipSync(text), Buffer.concat(parts), gzipSync(text, { level: 0 })]) {
    writeFileSync(path, bytes);
    const { source, text: unpacked } = await unpack({ path });
    t.ok(unpacked.equals(text));
    t.equal(source.digest, sha256(bytes));
    t.equal(source.bytesRead, bytes.length);
  }
});

await t.test("a gzip file that is cut off, or is none, is refused in one line", async (t) => {
  const path = join(t.testdir(), "clicks.csv.gz");
  const whole = gzipSync(Buffer.alloc(1_000_001, "0123456789\n"), { level: 0 });
  const flipped = Buffer.from(whole);
  flipped[flipped.length - 6]! ^= 1;
  for (const bytes of [whole.subarray(0, -1), whole.subarray(0, 400_000), flipped, Buffer.from("click_id\n1\n")]) {
    writeFileSync(path, bytes);
    await t.rejects(unpack({ path }), {
      name: "DataError",
      message: /^[^\n]*clicks\.csv\.gz: is no whole gzip file \([a-z ]+\): copy it here anew$/,
    });
  }
});

await t.test(
  "a gzip file with zeros behind its end, as tapes have it, is refused where they are not read",
  async (t) => {
    const path = join(t.testdir(), "clicks.csv.gz");
    const bytes = Buffer.concat([gzipSync("click_id\n1\n"), Buffer.alloc(1_000_000)]);
    writeFileSync(path, bytes);
    // Node.js 20 leaves them, 24 reads them.
    const digest = await unpack({ path }).then(
      ({ source }) => source.digest,
      (error: unknown) => (error as Error).message,
    );
    t.ok(
      [sha256(bytes), `${path}: goes on behind the end of its gzip data: copy it here anew`].includes(digest),
      digest,
    );
  },
);

await t.test("zstd is unpacked where Node.js does it", { skip: !READS_ZSTD && "this one does not" }, async (t) => {
  // Made by `printf 'click_id\n1\n' | zstd | base64`.
  const path = join(t.testdir(), "clicks.csv.zst");
  const bytes = Buffer.from("KLUv/QRYWQAAY2xpY2tfaWQKMQo/kXyG", "base64");
  writeFileSync(path, bytes);
  const { source, text } = await unpack({ path });
  t.equal(text.toString(), "click_id\n1\n");
  t.equal(source.digest, sha256(bytes));
  writeFileSync(path, bytes.subarray(0, -6));
  await t.rejects(unpack({ path }), { name: "DataError", message: /clicks\.csv\.zst: is no whole zstd file / });
});

await t.test("a file that changes while it is read is refused, with what changed", async (t) => {
  const folder = t.testdir();
  const text = "0123456789\n".repeat(100_000);
  for (const name of ["clicks.csv", "clicks.csv.gz"]) {
    const path = join(folder, name);
    const bytes = name.endsWith("gz") ? gzipSync(text, { level: 0 }) : Buffer.from(text);
    const refusal = (what: string): { name: string; message: string } => ({
      name: "DataError",
      message: `${path}: changed while it was read (${what}): start again once it is written to its end`,
    });
    writeFileSync(path, bytes);
    const { size, mtimeMs } = statSync(path);
    const found = { path, bytes: size, modified: mtimeMs };
    t.equal((await unpack(found)).source.digest, sha256(bytes), "it is as it was found");
    await t.rejects(unpack({ ...found, modified: mtimeMs - 1 }), refusal("its time of change"));
    await t.rejects(unpack({ ...found, digest: sha256(Buffer.from("other")) }), refusal("its content"));
    await t.rejects(unpack({ ...found, bytes: size - 1 }), refusal(`its size, from ${size - 1} to ${size} bytes`));
    await t.rejects(
      unpack(found, () => {
        utimesSync(path, 1, 1);
      }),
      refusal("its time of change"),
    );
    writeFileSync(path, bytes);
    await t.rejects(
      unpack({ path }, () => {
        appendFileSync(path, "1\n");
      }),
      refusal(`its size, from ${bytes.length} to ${bytes.length + 2} bytes`),
    );
  }
});
