import { execFileSync } from "node:child_process";
import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { imageOf } from "../../../build/images/folder.js";
import { Catalog } from "../../../src/index/catalog.js";
import { decode, decodeChecked, readHead } from "../../../src/index/format.js";
import { layOut, type Counts } from "../../../src/index/sections.js";
import { loadIndex, loadWithoutImages } from "../../../src/index/load.js";
import { packManifest } from "../../../src/index/manifest.js";
import { withManifest } from "./altered-index.js";
import { smallIndex } from "../small-index.js";

const MIB = 2 ** 20;
const TIB = 2 ** 40;

const image = Buffer.alloc(11 * MIB, "0123456789abcdef!");
/** Of three pieces, as the loader reads them, the last one short. */
const large = Buffer.from(
  smallIndex([{ campaign: 7, period: 2, converting: [1, 2] }], 4, new Map([[1, imageOf(image, "png", "png")]])),
);

/** Why a file is refused. */
async function refusal(file: string): Promise<string> {
  return loadIndex(file).then(
    () => "accepted",
    (error: unknown) => (error as Error).message,
  );
}

/** The largest amount of memory in buffers that was seen while the file was refused, over what was there before. */
async function memoryOf(call: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const watch = (): void => void (most = Math.max(most, process.memoryUsage().arrayBuffers - before));
  const timer = setInterval(watch, 1);
  await call();
  watch();
  clearInterval(timer);
  return most;
}

type Read = (this: FileHandle, ...args: unknown[]) => Promise<unknown>;

/** The prototype that every handle of a file has its methods from. */
async function handles(): Promise<{ read: Read }> {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle) as { read: Read };
}

await t.test("a file of several pieces is loaded as it was written", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  writeFileSync(file, large);
  const index = await loadIndex(file);
  t.equal(index.generation, decode(Uint8Array.from(large)).generation);
  t.ok(Buffer.concat(index.parts).equals(large));
  t.ok(Buffer.from(new Catalog(index).imageOf(0)).equals(image));
});

await t.test(
  "without its images an index takes no more memory than its figures, and their bytes are not read",
  async (t) => {
    const file = join(t.testdir({}), "index.bin");
    const bytes = Buffer.from(large);
    writeFileSync(file, bytes.fill(0, bytes.length - 10 * MIB));
    let index;
    t.ok((await memoryOf(async () => (index = await loadWithoutImages(file)))) < MIB);
    const { cells, entryRevenue, generation, counts } = decode(Uint8Array.from(large));
    t.match(index, { cells, entryRevenue, generation, counts });

    const at = large.indexOf(Buffer.from(Uint32Array.of(7).buffer), 256);
    writeFileSync(file, bytes.fill(0xff, at, at + 64));
    await t.rejects(loadWithoutImages(file), { name: "LoadIndexError", message: /index\.bin: contradictory: / });
    truncateSync(file, MIB);
    await t.rejects(loadWithoutImages(file), { name: "LoadIndexError", message: /index\.bin: truncated: / });
  },
);

await t.test("a byte that is altered in any piece is found", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  for (const at of [3 * MIB, 4 * MIB, 8 * MIB - 1, 8 * MIB, large.length - 1]) {
    const bytes = Buffer.from(large);
    bytes[at]! ^= 1;
    writeFileSync(file, bytes);
    t.match(await refusal(file), /: altered: /, `${at}`);
  }
});

await t.test("a file that ends in any piece, or in the header, is refused as truncated", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  for (const length of [0, 1, 63, 64, 200, 5 * MIB, large.length - 1]) {
    writeFileSync(file, large.subarray(0, length));
    t.match(await refusal(file), /index\.bin: truncated: .*: build it anew with `npm run build-index`$/, `${length}`);
  }
});

await t.test("a file that shrinks while it is read is refused as truncated", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const prototype = await handles();
  const { read } = prototype;
  t.teardown(() => (prototype.read = read));
  for (const [reads, length] of [
    [2, 0],
    [2, 100],
    [3, 5 * MIB],
    [4, 9 * MIB],
  ] as const) {
    writeFileSync(file, large);
    let count = 0;
    prototype.read = function (...args) {
      if (++count === reads) truncateSync(file, length);
      return Reflect.apply(read, this, args);
    };
    t.match(await refusal(file), `: truncated: it ended at ${length} bytes while it was read`, `at read ${reads}`);
  }
});

await t.test("a file of 1 TB is refused, without room for it where it lies about its length", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const lies: [what: string, bytes: Buffer, reason: RegExp][] = [
    ["nothing but zeros", Buffer.alloc(64), /: not a Billboard index/],
    ["the head of a smaller one", large.subarray(0, 1000), /: too long: 1099511627776 bytes/],
    ["a length that its counts do not have", Buffer.from(large.subarray(0, 1000)), /: contradictory: its counts need/],
    ["a manifest as long as the file", Buffer.from(large.subarray(0, 1000)), /: contradictory: its manifest/],
  ];
  for (const [, bytes] of lies.slice(2)) bytes.writeBigUInt64LE(BigInt(TIB), 16);
  lies[3]![1].writeUInt32LE(0xffffffff, 12);
  for (const [what, bytes, reason] of lies) {
    writeFileSync(file, bytes);
    truncateSync(file, TIB);
    let message = "";
    const memory = await memoryOf(async () => (message = await refusal(file)));
    t.match(message, reason, what);
    t.ok(memory < MIB, `${what}: ${memory} bytes`);
  }
});

/** A file that is as long as its manifest says, and has nothing behind it. @returns its length */
function writeSparse(file: string, counts: Counts): number {
  const manifest = packManifest({ counts, timeZone: undefined, exploration: 0 });
  const head = Buffer.from(withManifest(large.subarray(0, 4096), manifest).subarray(0, 64 + manifest.length));
  const { end } = layOut(counts, head.length);
  head.writeBigUInt64LE(BigInt(end), 16);
  writeFileSync(file, head);
  truncateSync(file, end);
  return end;
}

await t.test("a file that says truly that it is larger than memory can be is refused with one line", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const counts = {
    periods: 60,
    campaigns: 2 ** 32 - 1,
    entries: 2 ** 32 - 1,
    banners: 2 ** 32 - 1,
    imageBytes: 0,
    textBytes: 0,
    nameBytes: 0,
  };
  writeSparse(file, counts);
  // From Node.js 22 on, a buffer may be larger than any memory.
  const reason = /(it has|an index of) \d+ bytes[^\n]+ (at most \d+ in one piece|there is memory for \d+): [^\n]+$/;
  const memory = await memoryOf(async () => {
    t.match(await refusal(file), new RegExp(`^[^\\n]*index\\.bin: cannot be read: ${reason.source}`));
  });
  t.ok(memory < MIB, `${memory} bytes`);
});

await t.test("a file whose images are more than memory is refused before they are read", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const counts = { periods: 4, campaigns: 1, entries: 1, banners: 1, imageBytes: 2 ** 43, textBytes: 0, nameBytes: 0 };
  const end = writeSparse(file, counts);
  const memory = await memoryOf(async () => {
    t.match(await refusal(file), `: cannot be read: it has ${end} bytes, and there is memory for `);
  });
  t.ok(memory < MIB, `${memory} bytes`);
});

await t.test("what a container may have counts as its memory, where that is less", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const bytes = indexOfImages(5000);
  writeFileSync(file, bytes);
  for (const limit of [0, bytes.length]) {
    t.intercept(process, "constrainedMemory", { value: () => limit });
    await loadIndex(file);
  }
  t.intercept(process, "constrainedMemory", { value: () => bytes.length - 1 });
  t.match(
    await refusal(file),
    `: cannot be read: it has ${bytes.length} bytes, and there is memory for ${bytes.length - 1}: give it more memory`,
  );
});

/** Images of these lengths, each of its own bytes. */
function indexOfImages(...lengths: number[]): Uint8Array {
  const images = lengths.map((length, at) => [at + 1, imageOf(Buffer.alloc(length, `${at}.`), "png", "png")] as const);
  return smallIndex([{ campaign: 7, period: 2, pool: [1] }], 4, new Map(images));
}

await t.test("images lie in parts of a bounded length, each whole in one of them", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  // The last one has the padding, too.
  const cases: [what: string, lengths: number[], parts: number[]][] = [
    ["all in one", [100, 200], [304]],
    ["one ends where a part may end", [600, 400, 1000], [1000, 1000]],
    ["one more byte", [600, 401, 600], [600, 401, 615]],
    ["one larger than a part between small ones", [10, 5000, 10], [10, 5000, 14]],
    ["one larger than a part, first and last", [5000, 5000], [5000, 5000]],
    ["some without bytes", [0, 600, 0, 0, 600, 0], [600, 600]],
    ["none with bytes", [0], []],
  ];
  for (const [what, lengths, expected] of cases) {
    const bytes = indexOfImages(...lengths);
    writeFileSync(file, bytes);
    const index = await loadIndex(file, { mostInPart: 1000 });
    t.same(
      index.parts.slice(1).map((part) => part.length),
      expected,
      what,
    );
    t.ok(
      index.parts.every(({ buffer }) => buffer instanceof SharedArrayBuffer),
      what,
    );
    t.ok(Buffer.concat(index.parts).equals(bytes), what);
    for (const read of [index, decodeChecked(index.parts)])
      lengths.forEach((length, at) => {
        const image = new Catalog(read).imageOf(at);
        t.ok(Buffer.alloc(length, `${at}.`).equals(image), `${what}: image ${at}`);
      });
  }
});

await t.test("a byte that is altered is found in every part, and where the parts are cut", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const whole = indexOfImages(600, 600, 300);
  const wrong: string[] = [];
  for (let at = readHead(whole, whole.length).offsets.get("imageStart")!; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 0xff;
    writeFileSync(file, bytes);
    const message = await loadIndex(file, { mostInPart: 700 }).then(() => "accepted", String);
    if (!message.includes(": altered: ")) wrong.push(`${at}: ${message}`);
  }
  t.same(wrong, []);
});

await t.test("what is no file is refused, and nobody waits for it", async (t) => {
  const folder = t.testdir({});
  await mkdir(join(folder, "folder"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  for (const path of [join(folder, "folder"), join(folder, "pipe"), "/dev/zero"])
    t.equal(await refusal(path), `${path}: cannot be read: it is not a file`);
  t.match(await refusal(join(folder, "gone")), /gone: there is no index: build one with `npm run build-index`$/);
});

await t.test("a load leaves no file open, whether it is refused or not", async (t) => {
  const file = join(t.testdir({}), "index.bin");
  const countOpen = (): number => readdirSync("/dev/fd").length;
  writeFileSync(file, large);
  const before = countOpen();
  await loadIndex(file);
  writeFileSync(file, large.subarray(0, 5 * MIB));
  await refusal(file);
  await refusal("/dev/zero");
  t.equal(countOpen(), before);
});
