import { spawnSync } from "node:child_process";
import { ftruncateSync, mkdirSync, openSync, closeSync, writeFileSync, writeSync } from "node:fs";
import * as promises from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { decode } from "../../src/index-format.js";
import { loadIndex, LoadIndexError } from "../../src/load-index.js";
import { imageOf } from "../../build/banners.js";
import { range, smallIndex } from "./small-index.js";

const SMALL = smallIndex([{ campaign: 7, period: 1, converting: range(1, 12) }]);
/** More than is read at once, and no multiple of it. */
const LARGE = smallIndex(
  [{ campaign: 7, period: 1, converting: [1] }],
  4,
  new Map([[1, imageOf(Buffer.alloc((20 << 20) + 5, "banner"), "png", "png")]]),
);

async function refusalOf(file: string): Promise<string> {
  const error: unknown = await loadIndex(file).catch((error: unknown) => error);
  if (!(error instanceof LoadIndexError)) throw new Error("it was not refused", { cause: error });
  return error.message.replace(file, "FILE");
}

await t.test("what is loaded is what was written, in one piece or in several", async (t) => {
  const file = join(t.testdir(), "index.bin");
  for (const bytes of [SMALL, LARGE]) {
    writeFileSync(file, bytes);
    const { generation, counts, images } = await loadIndex(file);
    const expected = decode(Uint8Array.from(bytes));
    t.strictSame([generation, counts], [expected.generation, expected.counts]);
    t.ok(Buffer.from(images).equals(expected.images));
  }
});

await t.test("a byte altered in any of the pieces is found", async (t) => {
  const file = join(t.testdir(), "index.bin");
  for (const at of [100, 8 << 20, (8 << 20) - 1, 16 << 20, LARGE.length - 1]) {
    const bytes = Uint8Array.from(LARGE);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
    t.match(await refusalOf(file), /^FILE: altered: .*: build it anew with `npm run build-index`$/, `byte ${at}`);
  }
});

await t.test("a file that lies about its length is refused before memory is taken for it", async (t) => {
  const file = join(t.testdir(), "index.bin");
  const descriptor = openSync(file, "w");
  writeSync(descriptor, SMALL);
  // As long as no memory is; the file system stores none of the zeros.
  const terabyte = 2 ** 40;
  ftruncateSync(descriptor, terabyte);
  closeSync(descriptor);
  t.equal(
    await refusalOf(file),
    `FILE: too long: ${terabyte} bytes where it should have ${SMALL.length}: build it anew with \`npm run build-index\``,
  );
  const lying = Uint8Array.from(SMALL);
  new DataView(lying.buffer).setBigUint64(16, BigInt(terabyte), true);
  writeFileSync(file, lying);
  t.match(await refusalOf(file), `FILE: truncated: ${SMALL.length} bytes of the ${terabyte} that it should have: `);
  for (const length of [0, 1, 8, 63, 64, SMALL.length - 1]) {
    writeFileSync(file, SMALL.subarray(0, length));
    t.match(await refusalOf(file), `FILE: truncated: ${length} bytes`);
  }
});

await t.test("a file that becomes shorter while it is read is refused", async (t) => {
  const file = join(t.testdir(), "index.bin");
  writeFileSync(file, LARGE);
  const { loadIndex: loadWatched } = await t.mockImport<typeof import("../../src/load-index.js")>(
    "../../src/load-index.js",
    {
      "node:fs/promises": {
        ...promises,
        open: async (path: string, flags: number) => {
          const handle = await promises.open(path, flags);
          const read = handle.read.bind(handle) as (...words: unknown[]) => Promise<{ bytesRead: number }>;
          // The first is the header, the second the first piece.
          let reads = 0;
          handle.read = (async (...words: unknown[]) => {
            if (++reads === 3) await promises.truncate(path, 100);
            return read(...words);
          }) as typeof handle.read;
          return handle;
        },
      },
    },
  );
  await t.rejects(loadWatched(file), {
    message: `${file}: truncated: it ended after ${8 << 20} bytes while it was read`,
  });
});

await t.test("what is no file is refused, and not waited for", async (t) => {
  const folder = t.testdir();
  mkdirSync(join(folder, "folder"));
  t.equal(await refusalOf(join(folder, "folder")), "FILE: cannot be read: expected a file");
  t.equal(await refusalOf(join(folder, "gone")), "FILE: there is no index: build one with `npm run build-index`");
  const pipe = join(folder, "pipe");
  t.equal(spawnSync("mkfifo", [pipe]).status, 0);
  t.equal(await refusalOf(pipe), "FILE: cannot be read: expected a file");
});
