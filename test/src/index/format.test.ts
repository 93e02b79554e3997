import { createHash } from "node:crypto";
import t from "tap";
import { CAMPAIGN, CELL_NUMBERS, CODES, cellCodes, CellTable, SIZE, START } from "../../../src/index/cells.js";
import { slotCount } from "../../../src/index/id-table.js";
import { decode, encode, FORMAT_VERSION, IndexFormatError, type Index } from "../../../src/index/format.js";
import type { Sections } from "../../../src/index/sections.js";
import { totalLength } from "../../../src/index/pieces.js";
import type { CompileOptions } from "../../../build/compile.js";
import { inEveryPeriod, range, smallIndex } from "../small-index.js";

const HEADER_LENGTH = 64;

const whole = smallIndex([
  ...inEveryPeriod({ campaign: 7, converting: [3, 1, 2], clicked: [9, 8] }),
  { campaign: 4294967295, period: 2, pool: [1, 2, 3, 4, 5, 6, 4294967295] },
]);

/** A copy of its own buffer, since views need alignment. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes);
}

function errorKindOf(bytes: Uint8Array): IndexFormatError["kind"] | undefined {
  try {
    decode(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof IndexFormatError) return error.kind;
    throw error;
  }
}

/** Bytes of all images. */
function imagesIn({ imageStart }: Index): number {
  return imageStart.at(-1)!;
}

/** The file again with a checksum that fits its bytes, as a builder with a bug would write it. */
function resealed(bytes: Uint8Array): Uint8Array {
  const hash = createHash("sha256").update(bytes.subarray(0, 32)).update(bytes.subarray(HEADER_LENGTH));
  bytes.set(hash.digest(), 32);
  return bytes;
}

await t.test("what was encoded is decoded", (t) => {
  const index = decode(copyOf(whole));
  t.same(index.counts, {
    periods: 4,
    campaigns: 2,
    entries: 27,
    banners: 9,
    imageBytes: imagesIn(index),
    textBytes: 0,
    nameBytes: 0,
  });
  t.same([...index.campaignIds], [7, 4294967295]);
  t.same([...index.bannerIds], [1, 2, 3, 4, 5, 6, 8, 9, 4294967295]);
  t.equal(index.entryRevenue[0], 3_000_000n);
  t.equal(totalLength(index.parts), whole.length);
  t.match(index.generation, /^[0-9a-f]{16}$/);
  t.equal(index.digest, Buffer.from(whole.subarray(32, 64)).toString("hex"));
  t.equal(index.digest.slice(0, 16), index.generation);
  t.equal(errorKindOf(copyOf(whole)), undefined);
  t.end();
});

await t.test("every byte of the file, altered in turn, is refused with its reason", (t) => {
  const expected = (at: number): string[] => {
    if (at < 8) return ["magic"];
    if (at < 12) return ["version"];
    if (at >= 16 && at < 24) return ["truncated", "too long"];
    // The length of the manifest and what is in it are held against the length of the file, before its content is.
    if (at < 16 || (at >= HEADER_LENGTH && at < manifestEnd)) return ["altered", "contradictory"];
    return ["altered"];
  };
  const manifestEnd = HEADER_LENGTH + new DataView(whole.buffer).getUint32(12, true);
  const wrong: string[] = [];
  for (let at = 0; at < whole.length; at++) {
    const bytes = copyOf(whole);
    for (const change of [0x01, 0x80, 0xff]) {
      bytes[at] = whole[at]! ^ change;
      const kind = errorKindOf(bytes);
      if (kind === undefined || !expected(at).includes(kind)) wrong.push(`byte ${at} ^ ${change}: ${String(kind)}`);
    }
  }
  t.same(wrong, []);
  t.end();
});

await t.test("the file cut at every length is refused as truncated", (t) => {
  const wrong: string[] = [];
  for (let length = 0; length < whole.length; length++) {
    const kind = errorKindOf(copyOf(whole.subarray(0, length)));
    if (kind !== "truncated") wrong.push(`${length} bytes: ${String(kind)}`);
  }
  t.same(wrong, []);
  t.end();
});

await t.test("bytes behind the end are refused", (t) => {
  const longer = new Uint8Array(whole.length + 1);
  longer.set(whole);
  t.equal(errorKindOf(longer), "too long");
  t.end();
});

await t.test("each refusal says what was found and what was expected", (t) => {
  const altered = (at: number, value: number): Uint8Array => {
    const bytes = copyOf(whole);
    bytes[at] = value;
    return bytes;
  };
  t.throws(() => decode(Buffer.from("a,b\n1,2\n".repeat(20))), { message: /^not a Billboard index/ });
  t.throws(() => decode(altered(8, FORMAT_VERSION + 1)), {
    message: /^format version 5, newer than .* 4 was expected$/,
  });
  t.throws(() => decode(altered(8, 0)), { message: /^format version 0 where 4 was expected$/ });
  t.throws(() => decode(whole.subarray(0, 40)), { message: /^truncated: 40 bytes, and the header alone has 64$/ });
  t.throws(() => decode(whole.slice(0, -1)), {
    message: `truncated: ${whole.length - 1} bytes of the ${whole.length} that it should have`,
  });
  t.throws(() => decode(altered(whole.length - 1, 0xee)), { message: /^altered: / });
  t.end();
});

await t.test("a view that is not aligned is refused before anything is read", (t) => {
  const bytes = new Uint8Array(whole.length + 1);
  bytes.set(whole, 1);
  t.throws(() => decode(bytes.subarray(1)), RangeError);
  t.end();
});

await t.test("a file whose numbers point outside of it is refused, also where its checksum fits", (t) => {
  /** Where the record of the cell of campaign 7 in period 1 starts: three banners with conversions, two with clicks. */
  const recordOf = ({ cells }: Index, campaign = 7, period = 1): number =>
    new CellTable(cells, 2).find(campaign, period) * CELL_NUMBERS;
  const emptyRecord = ({ cells }: Index): number => {
    let record = 0;
    while (cells[record + CAMPAIGN] !== 0) record += CELL_NUMBERS;
    return record;
  };
  const drawn = (index: Index): number => recordOf(index, 4294967295, 2);
  const spoil: [what: string, change: (index: Index) => void][] = [
    ["an entry's banner", (index) => (index.entryBanner[0] = index.bannerIds.length)],
    ["a cell that starts later", (index) => index.cells[recordOf(index) + START]!++],
    ["a cell with fewer entries", (index) => index.cells[recordOf(index) + SIZE]!--],
    ["a cell with more entries", (index) => index.cells[recordOf(index) + SIZE]!++],
    ["a cell with more entries than there are", (index) => (index.cells[recordOf(index) + SIZE] = 0xffffffff)],
    ["more fixed places than banners", (index) => (index.cells[recordOf(index) + CODES] = cellCodes(6, 0, 0))],
    ["more drawn places than the pool has", (index) => (index.cells[recordOf(index) + CODES] = cellCodes(5, 1, 0))],
    ["more places than a collection has", (index) => (index.cells[drawn(index) + CODES] = cellCodes(4, 7, 0))],
    ["a cell with banners that shows none", (index) => (index.cells[recordOf(index) + CODES] = cellCodes(0, 0, 0))],
    ["an unknown rule", (index) => (index.cells[recordOf(index) + CODES] = cellCodes(5, 0, 5))],
    ["a code where there is none", (index) => (index.cells[recordOf(index) + CODES]! |= 1 << 31)],
    ["an empty slot with a size", (index) => (index.cells[emptyRecord(index) + SIZE] = 1)],
    ["a cell of a campaign that is not there", (index) => (index.cells[recordOf(index) + CAMPAIGN] = 8)],
    ["a cell of another campaign", (index) => (index.cells[recordOf(index) + CAMPAIGN] = 4294967295)],
    [
      "a cell in a slot where it is not found",
      (index) => {
        const { cells } = index;
        const record = recordOf(index);
        // Two slots further on, since a search goes past the first slot behind.
        const end = slotCount(2) * CELL_NUMBERS;
        cells.copyWithin((record + 2 * CELL_NUMBERS) % end, record, record + CELL_NUMBERS);
        cells.fill(0, record, record + CELL_NUMBERS);
      },
    ],
    ["campaign ids out of order", (index) => index.campaignIds.reverse()],
    ["banner ids out of order", (index) => (index.bannerIds[1] = index.bannerIds[0]!)],
    ["a banner 0", (index) => (index.bannerIds[0] = 0)],
    ["an unknown image type", (index) => (index.imageType[0] = 6)],
    ["an unknown image ending", (index) => (index.imageExtension[0] = 7)],
    ["images out of order", (index) => (index.imageStart[1] = 2 ** 32)],
    ["an image that starts within a byte", (index) => (index.imageStart[1]! -= 0.5)],
    ["an image that starts nowhere", (index) => (index.imageStart[1] = NaN)],
    ["images that start late", (index) => (index.imageStart[0] = 1)],
    ["the end of the images", (index) => (index.imageStart[index.imageStart.length - 1] = 0)],
    ["texts out of order", (index) => (index.textStart[1] = 0xffffffff)],
    ["texts that start late", (index) => index.textStart.fill(1)],
    ["the end of the texts", (index) => (index.textStart[index.textStart.length - 1] = 1)],
    ["names that start late", (index) => index.nameStart.fill(1)],
    ["the end of the names", (index) => (index.nameStart[index.nameStart.length - 1] = 1)],
    ["a slot that points outside", (index) => (index.bannerSlots[index.bannerSlots.indexOf(0)] = 99)],
    ["slots without an empty one", (index) => index.bannerSlots.fill(1)],
    ["a slot that misses its id", (index) => (index.bannerSlots[index.bannerSlots.findIndex((slot) => slot > 0)] = 0)],
  ];
  for (const [what, change] of spoil) {
    const bytes = copyOf(whole);
    change(decode(bytes));
    t.equal(errorKindOf(resealed(bytes)), "contradictory", what);
  }
  t.end();
});

await t.test("a manifest that lies is refused before its counts are believed", (t) => {
  const manifestOf = (change: (manifest: Buffer) => void): Uint8Array => {
    const bytes = copyOf(whole);
    const length = new DataView(bytes.buffer).getUint32(12, true);
    change(Buffer.from(bytes.buffer, HEADER_LENGTH, length));
    return resealed(bytes);
  };
  t.equal(errorKindOf(manifestOf((manifest) => manifest.fill(0xc1))), "contradictory", "no msgpack");
  t.equal(errorKindOf(manifestOf((manifest) => manifest.fill(0xc0))), "contradictory", "null");
  t.equal(
    errorKindOf(manifestOf((manifest) => manifest.write("Periods", manifest.indexOf("periods")))),
    "contradictory",
    "a name",
  );
  const periods = "periods".length;
  for (const value of [0, 5, 7])
    t.equal(
      errorKindOf(manifestOf((manifest) => (manifest[manifest.indexOf("periods") + periods] = value))),
      "contradictory",
      `${value} periods`,
    );
  t.end();
});

await t.test("an index of nothing can be written and read", (t) => {
  const counts = { periods: 1, campaigns: 0, entries: 0, banners: 0, imageBytes: 0, textBytes: 0, nameBytes: 0 };
  t.same(decode(encode(counts, () => undefined).parts).counts, counts);
  t.end();
});

await t.test("the zone that cut the events is in the manifest, where it is known", (t) => {
  const zoneOf = (timeZone?: string): unknown =>
    decode(smallIndex([{ campaign: 7, period: 1, pool: [1] }], 4, new Map(), new Map(), { timeZone })).timeZone;
  t.equal(zoneOf("Asia/Kathmandu"), "Asia/Kathmandu");
  t.equal(zoneOf(), undefined);
  const bytes = smallIndex([{ campaign: 7, period: 1, pool: [1] }], 4, new Map(), new Map(), { timeZone: "UTC" });
  const manifest = Buffer.from(bytes.buffer, HEADER_LENGTH, 300);
  // In msgpack, a list of three numbers in place of a text of three letters.
  manifest.set([0x93, 1, 1, 1], manifest.indexOf("UTC") - 1);
  t.equal(errorKindOf(resealed(bytes)), "contradictory", "a zone that is no text");
  t.end();
});

await t.test("an index without exploration has the bytes of one from before exploration came", (t) => {
  const cells = [
    { period: 1, campaign: 7, converting: range(100, 111), clicked: [200, 201], pool: [300] },
    { period: 2, campaign: 7, converting: [100], pool: range(300, 309) },
  ];
  const indexOf = (more: CompileOptions): Index => decode(smallIndex(cells, 4, new Map(), new Map(), more));
  const before = "53c6fe1f1527ec7cf114d6ac7ca9da318c7683d5b6c34c2bd4d63208d9a2a83a";
  const beforeInZone = "5992eb3b9cce954038a3d1f768e1083a5d4e3578cf2d0f2b0daf64247bbe52b6";
  t.equal(indexOf({}).digest, before);
  t.equal(indexOf({ exploration: 0 }).digest, before);
  t.equal(indexOf({ timeZone: "Europe/Berlin" }).digest, beforeInZone);
  t.equal(indexOf({}).exploration, 0);
  t.equal(indexOf({ exploration: 0.0001 }).exploration, 0.0001);
  t.equal(indexOf({ timeZone: "Europe/Berlin", exploration: 0.9999 }).exploration, 0.9999);
  t.end();
});

await t.test("a share of exploration that is none is refused", (t) => {
  const bytes = smallIndex([{ campaign: 7, period: 1, pool: [1] }], 4, new Map(), new Map(), { exploration: 0.25 });
  const manifest = Buffer.from(bytes.buffer, HEADER_LENGTH, 300);
  const at = manifest.indexOf("exploration") + "exploration".length;
  t.equal(manifest[at], 0xcb, "a float 64");
  const kindOf = (share: number): unknown => {
    manifest.writeDoubleBE(share, at + 1);
    return errorKindOf(resealed(bytes));
  };
  for (const share of [1, 1.5, -0.1, NaN, Infinity]) t.equal(kindOf(share), "contradictory", String(share));
  for (const share of [0, 0.5]) t.equal(kindOf(share), undefined, String(share));
  manifest[at] = 0xcf;
  t.equal(errorKindOf(resealed(bytes)), "contradictory", "a 64-bit whole number");
  t.end();
});

await t.test("sections lie behind each other, each aligned to 16", (t) => {
  const index = decode(copyOf(whole));
  const names = Object.keys(index).filter((name) =>
    ArrayBuffer.isView(index[name as keyof Sections]),
  ) as (keyof Sections)[];
  let end = HEADER_LENGTH;
  for (const name of names) {
    const { byteOffset, byteLength } = index[name];
    t.ok(byteOffset % 16 === 0 && byteOffset >= end, name);
    end = byteOffset + byteLength;
  }
  t.equal(Math.ceil((Math.ceil(end / 16) * 16 + imagesIn(index)) / 16) * 16, whole.length);
  t.end();
});
