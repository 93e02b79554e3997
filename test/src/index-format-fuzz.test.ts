import { createHash } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t from "tap";
import { Catalog } from "../../src/catalog.js";
import { choose, fillPlaces } from "../../src/choose.js";
import { decode, type Index } from "../../src/index-format.js";
import { FORMAT_VERSION, HEADER_LENGTH, IndexFormatError } from "../../src/index-header.js";
import { MOST_PLACES } from "../../src/index-sections.js";
import { inspect } from "../../src/inspect.js";
import { seededRandom } from "./seeded-random.js";
import { inEveryPeriod, range, smallIndex } from "./small-index.js";

const ALTERATIONS = 100_000;
const RANDOM_STRINGS = 10_000;
const RESEALED = 20_000;
t.setTimeout(300_000);

const random = seededRandom(20261123);
const below = (limit: number): number => Math.floor(random() * limit);
const byte = (): number => below(256);
const oneOf = <T>(items: readonly T[]): T => items[below(items.length)]!;

const VALID = [
  smallIndex(inEveryPeriod({ campaign: 7, converting: [3, 1, 2], clicked: [9, 8] })),
  smallIndex([{ campaign: 4294967295, period: 2, pool: [1, 2, 3, 4, 5, 6, 4294967295] }], 2),
  smallIndex([{ campaign: 1, period: 1, converting: [1] }], 1),
  smallIndex(
    range(1, 40).map((campaign) => ({ campaign, period: 1 + (campaign % 12), converting: [(campaign % 3) + 1] })),
    12,
  ),
];

/** What a field of a header is most likely to lie with. */
const EXTREMES = [0n, 1n, 63n, 64n, 65n, 0x7fffffffn, 0xffffffffn, 2n ** 40n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

type Alteration = (bytes: Uint8Array) => Uint8Array;

const spliced = (bytes: Uint8Array, from: number, to: number, insert: Uint8Array): Uint8Array =>
  Uint8Array.from(Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(to)]));
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, byte);
const rangeOf = (bytes: Uint8Array): [from: number, to: number] => {
  const from = below(bytes.length);
  return [from, Math.min(from + 1 + below(64), bytes.length)];
};

const ALTER: Readonly<Record<string, Alteration>> = {
  "a bit": (bytes) => {
    bytes[below(bytes.length)]! ^= 1 << below(8);
    return bytes;
  },
  "a byte": (bytes) => {
    bytes[below(bytes.length)] = byte();
    return bytes;
  },
  "several bytes": (bytes) => {
    for (let count = 2 + below(15); count > 0; count--) bytes[below(bytes.length)] = byte();
    return bytes;
  },
  "a byte of the header": (bytes) => {
    bytes[below(HEADER_LENGTH)] = byte();
    return bytes;
  },
  "a field of the header": (bytes) => {
    const header = new DataView(bytes.buffer);
    const value = oneOf(EXTREMES);
    if (random() < 0.5) header.setBigUint64(16, value, true);
    else header.setUint32(oneOf([8, 12]), Number(BigInt.asUintN(32, value)), true);
    return bytes;
  },
  "its end": (bytes) => bytes.slice(0, below(bytes.length)),
  "bytes behind it": (bytes) => spliced(bytes, bytes.length, bytes.length, randomBytes(1 + below(64))),
  "bytes less within": (bytes) => spliced(bytes, ...rangeOf(bytes), new Uint8Array(0)),
  "bytes more within": (bytes) => {
    const at = below(bytes.length);
    return spliced(bytes, at, at, randomBytes(1 + below(64)));
  },
  "a range of zeros": (bytes) => bytes.fill(0, ...rangeOf(bytes)),
  "a range from elsewhere": (bytes) => bytes.copyWithin(below(bytes.length), ...rangeOf(bytes)),
  "the middle of another": (bytes) => {
    const other = oneOf(VALID);
    const from = below(Math.min(bytes.length, other.length));
    bytes.set(other.subarray(from, Math.min(from + 200, bytes.length)), from);
    return bytes;
  },
};

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes.subarray(0, 32)).update(bytes.subarray(HEADER_LENGTH)).digest();
}

/** Why a file must be refused: what a reader finds first, from the description of the format alone. */
function expectedFault(bytes: Uint8Array): IndexFormatError["fault"] | undefined {
  const head = [0x89, 0x42, 0x42, 0x49, 0x44, 0x58, 0x0d, 0x0a].slice(0, bytes.length);
  if (head.some((expected, at) => bytes[at] !== expected)) return "magic";
  if (bytes.length < HEADER_LENGTH) return "truncated";
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  if (header.getUint32(8, true) !== FORMAT_VERSION) return "version";
  const length = header.getBigUint64(16, true);
  if (length !== BigInt(bytes.length)) return length > bytes.length ? "truncated" : "too long";
  if (header.getUint32(12, true) > bytes.length - HEADER_LENGTH) return "contradictory";
  return sha256(bytes).equals(bytes.subarray(32, 64)) ? undefined : "altered";
}

/** The fault of a file that is refused, undefined for one that is not. Anything else that is thrown is a fault of the decoder. */
function faultOf(bytes: Uint8Array): IndexFormatError["fault"] | undefined {
  try {
    decode(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof IndexFormatError && error.message.length < 300) return error.fault;
    throw error;
  }
}

/** Bytes in use once all that can be freed is. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Memory that one refusal may have taken, were it to believe what a file says. */
const LITTLE = 1 << 20;

await t.test(`${ALTERATIONS} alterations of indexes are refused, each with its reason`, (t) => {
  const names = Object.keys(ALTER);
  const faults = new Map<string, number>();
  const wrong: string[] = [];
  const before = memory();
  for (let count = 0; count < ALTERATIONS;) {
    const original = oneOf(VALID);
    const name = oneOf(names);
    const bytes = ALTER[name]!(Uint8Array.from(original));
    // Some alterations change nothing.
    if (Buffer.from(bytes.buffer).equals(original)) continue;
    count++;
    const expected = expectedFault(bytes);
    const taken = process.memoryUsage().arrayBuffers;
    const fault = faultOf(bytes);
    if (process.memoryUsage().arrayBuffers - taken > LITTLE) wrong.push(`${name}: took memory`);
    if (fault === undefined || fault !== expected) wrong.push(`${name}: ${fault}, expected ${expected}`);
    faults.set(String(fault), (faults.get(String(fault)) ?? 0) + 1);
  }
  t.strictSame(wrong.slice(0, 10), []);
  t.ok(memory() - before < 8 * LITTLE, "no memory is kept");
  for (const fault of ["magic", "version", "truncated", "too long", "contradictory", "altered"])
    t.ok((faults.get(fault) ?? 0) > ALTERATIONS / 1000, `${fault} is among the reasons`);
  t.end();
});

await t.test(`${RANDOM_STRINGS} random byte strings are refused, each with its reason`, (t) => {
  const wrong: string[] = [];
  for (let count = 0; count < RANDOM_STRINGS; count++) {
    const bytes = randomBytes(below(oneOf([16, 64, 80, 1000, 5000])));
    // Many of them look like an index at first, some of them for the whole header.
    const likeness = below(5);
    if (likeness > 0) bytes.set(VALID[0]!.subarray(0, Math.min(8, bytes.length)));
    if (likeness > 1 && bytes.length >= HEADER_LENGTH) {
      const header = new DataView(bytes.buffer);
      header.setUint32(8, FORMAT_VERSION, true);
      if (likeness > 2) header.setBigUint64(16, BigInt(bytes.length), true);
      if (likeness > 3) header.setUint32(12, below(bytes.length), true);
    }
    const fault = faultOf(bytes);
    if (fault === undefined || fault !== expectedFault(bytes)) wrong.push(`${bytes.length} bytes: ${fault}`);
  }
  t.strictSame(wrong.slice(0, 10), []);
  t.end();
});

/** Every look-up there is. @throws where one finds what is not in the index */
function lookUpAll(index: Index): void {
  const catalog = new Catalog(index);
  const places = new Uint32Array(MOST_PLACES);
  for (const campaign of [...index.campaignIds, 0, 1, 4294967295])
    for (let period = 1; period <= index.counts.periods; period++) {
      const cell = catalog.cellOf(campaign, period);
      if (cell === -1) continue;
      const count = fillPlaces(catalog, cell, random, places);
      const banner = choose(places, count, places[0]!, random);
      if (!(count > 0 && count <= MOST_PLACES && banner < index.counts.banners))
        throw new Error(`cell ${cell}: ${banner}`);
    }
  let imageBytes = 0;
  index.bannerIds.forEach((id, banner) => {
    if (catalog.bannerOf(id) !== banner) throw new Error(`banner ${id} is not found`);
    imageBytes += catalog.imageOf(banner).length;
  });
  if (imageBytes !== index.images.length) throw new Error("the images are not all there");
  if (JSON.stringify(inspect(catalog)).includes("null")) throw new Error("something that is not there was described");
}

await t.test(
  `${RESEALED} alterations with a checksum that fits are refused, or make an index that can be used`,
  (t) => {
    const counts = { refused: 0, used: 0 };
    const before = memory();
    for (let count = 0; count < RESEALED; count++) {
      const bytes = Uint8Array.from(oneOf(VALID));
      const header = new DataView(bytes.buffer);
      const manifestEnd = HEADER_LENGTH + header.getUint32(12, true);
      // The manifest, and the small sections before the images, which may be anything.
      const from = random() < 0.3 ? HEADER_LENGTH : manifestEnd;
      const to = from === HEADER_LENGTH ? manifestEnd : bytes.length - decode(bytes).images.length;
      for (let changes = 1 + below(3); changes > 0; changes--)
        bytes[from + below(to - from)] = oneOf([0, 1, 2, 0x7f, 0x80, 0xcf, 0xdd, 0xdf, 0xff, byte()]);
      bytes.set(sha256(bytes), 32);
      const taken = process.memoryUsage().arrayBuffers;
      let index: Index | undefined;
      try {
        index = decode(bytes);
      } catch (error) {
        if (!(error instanceof IndexFormatError && error.fault === "contradictory")) throw error;
      }
      if (process.memoryUsage().arrayBuffers - taken > LITTLE) t.fail("it took memory");
      if (index === undefined) counts.refused++;
      else {
        lookUpAll(index);
        counts.used++;
      }
    }
    t.ok(memory() - before < 8 * LITTLE, "no memory is kept");
    t.ok(counts.refused > RESEALED / 10 && counts.used > RESEALED / 10, JSON.stringify(counts));
    t.end();
  },
);
