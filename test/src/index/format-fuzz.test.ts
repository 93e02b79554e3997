import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import t from "tap";
import { verifyCells } from "../../../build/verify.js";
import { imageOf } from "../../../build/images/folder.js";
import { Catalog, NONE } from "../../../src/index/catalog.js";
import { CELL_NUMBERS, SIZE, START } from "../../../src/index/cells.js";
import { choose, fillPlaces, placeOf } from "../../../src/decision/pick.js";
import { decode, encode, FORMAT_VERSION, IndexFormatError, readHead, type Index } from "../../../src/index/format.js";
import { MAX_PLACES } from "../../../src/index/sections.js";
import { inspectCells } from "../../../src/index/inspect.js";
import { altered, fittingErrors, HEADER_LENGTH, resealed, withManifest } from "./altered-index.js";
import { seededRandom } from "../seeded-random.js";
import { bytesOf, inEveryPeriod, range, smallIndex } from "../small-index.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const MIB = 2 ** 20;
const NOTHING = { periods: 1, campaigns: 0, entries: 0, banners: 0, imageBytes: 0, textBytes: 0, nameBytes: 0 };

/**
 * Valid indexes of different shapes: none of them larger than a few kilobytes, so that many alterations can be tried.
 */
const SHAPES = [
  smallIndex([{ campaign: 1, period: 1, converting: [1] }], 1),
  smallIndex([
    ...inEveryPeriod({ campaign: 7, converting: [3, 1, 2], clicked: [9, 8] }),
    { campaign: 4294967295, period: 2, pool: [1, 2, 3, 4, 5, 6, 4294967295] },
  ]),
  smallIndex(
    [
      ...range(1, 9).map((campaign) => ({ campaign, period: campaign, pool: range(1, 8) })),
      { campaign: 3, period: 12, converting: range(1, 12), clicked: [20], pool: [21, 22] },
    ],
    12,
  ),
  smallIndex([{ campaign: 5, period: 30, clicked: [2, 1], pool: range(10, 14) }], 60),
  smallIndex(
    [{ campaign: 2, period: 1, converting: [7] }],
    4,
    new Map([[7, imageOf(Buffer.alloc(3000, 7), "png", "png")]]),
  ),
  smallIndex([{ campaign: 5, period: 3, converting: [1, 2] }], 4, new Map(), new Map(), {
    campaigns: new Map([
      [5, { name: "Fünf", defaultBanner: 2 }],
      [6, { name: "", defaultBanner: 9 }],
    ]),
    timeZone: "Europe/Berlin",
  }),
  bytesOf(encode(NOTHING, () => undefined)),
].map((bytes) => Buffer.from(bytes));

/** The kind of error a file is refused for, or the index that it is. Any other error is a failure of the test. */
function decoded(bytes: Uint8Array): string | Index {
  try {
    return decode(bytes);
  } catch (error) {
    if (error instanceof IndexFormatError) return error.kind;
    throw error;
  }
}

/** Whether a builder would publish it. */
function isMeant(index: Index): boolean {
  try {
    verifyCells(new Catalog(index));
    return true;
  } catch {
    return false;
  }
}

/** Bytes that a call leaves behind in buffers; what the collector takes meanwhile only makes it less. */
function buffersOf(call: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  call();
  return process.memoryUsage().arrayBuffers - before;
}

/**
 * Bytes in use, once all that can be freed is: what the collector has found is freed beside it, some turns of the event
 * loop later.
 */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

await t.test("the shapes that are altered are whole", (t) => {
  for (const shape of SHAPES) t.equal(typeof decoded(Uint8Array.from(shape)), "object");
  t.end();
});

await t.test(
  "100,000 altered files are each refused for what is wrong with them, and leave nothing in memory",
  async (t) => {
    const random = seededRandom(20);
    const wrong: string[] = [];
    const faults = new Map<string, number>();
    let most = 0;
    const before = await memory();
    for (let round = 0; round < 100_000; round++) {
      const whole = SHAPES[round % SHAPES.length]!;
      const bytes = altered(whole, random);
      let result: string | Index = "";
      const judge = (): void => void (result = decoded(bytes));
      if (round % 10 === 0) most = Math.max(most, buffersOf(judge));
      else judge();
      if (typeof result === "object" || !fittingErrors(bytes, whole).includes(result))
        wrong.push(`round ${round}: ${typeof result === "object" ? "accepted" : result}`);
      else faults.set(result, (faults.get(result) ?? 0) + 1);
    }
    t.same(wrong.slice(0, 10), []);
    t.same([...faults.keys()].sort(), ["altered", "contradictory", "magic", "too long", "truncated", "version"]);
    t.ok(most < MIB, `${most} bytes for one file`);
    const growth = (await memory()) - before;
    t.ok(growth < 16 * MIB, `${growth} bytes more in memory`);
  },
);

await t.test("10,000 files of random bytes are refused, and no room is made for what they claim", (t) => {
  const random = seededRandom(21);
  const wrong: string[] = [];
  let most = 0;
  for (let round = 0; round < 10_000; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 600) }, () => random() * 256);
    // One in four each: as they are; with the magic; with the version too; with the length too, and a short manifest.
    if (round % 4 > 0) bytes.set(SHAPES[0]!.subarray(0, Math.min(8, bytes.length)));
    const header = new DataView(bytes.buffer);
    if (round % 4 > 1 && bytes.length >= HEADER_LENGTH) header.setUint32(8, FORMAT_VERSION, true);
    if (round % 4 > 2 && bytes.length >= HEADER_LENGTH) {
      header.setUint32(12, Math.floor(random() * (bytes.length - HEADER_LENGTH)), true);
      header.setBigUint64(16, BigInt(bytes.length), true);
    }
    let result: string | Index = "";
    most = Math.max(
      most,
      buffersOf(() => (result = decoded(bytes))),
    );
    if (typeof result === "object") wrong.push(`round ${round}`);
  }
  t.same(wrong, []);
  t.ok(most < MIB, `${most} bytes for one file`);
  t.end();
});

await t.test(
  "20,000 altered files whose checksum fits are refused, or every look-up in them stays within them",
  (t) => {
    const random = seededRandom(22);
    const wrong: string[] = [];
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      const whole = SHAPES[round % SHAPES.length]!;
      const { images } = readHead(whole, whole.length);
      const result = decoded(resealed(whole, images, random));
      if (typeof result !== "object") {
        if (result !== "contradictory") wrong.push(`round ${round}: ${result}`);
        continue;
      }
      accepted++;
      const fault = errorInLookUps(new Catalog(result), random, isMeant(result));
      if (fault !== undefined) wrong.push(`round ${round}: ${fault}`);
    }
    t.same(wrong.slice(0, 10), []);
    t.ok(accepted > 1000 && accepted < 19_000, `${accepted} were accepted`);
    t.end();
  },
);

/**
 * What is wrong with the answers of a catalog, if anything is. @param isMeant whether its numbers mean what they
 * should, too
 */
function errorInLookUps(catalog: Catalog, random: () => number, isMeant: boolean): string | undefined {
  const { index } = catalog;
  const { banners, entries, periods } = index.counts;
  const places = new Uint32Array(MAX_PLACES + 1);
  const cells = new Set<number>();
  for (const campaign of [...index.campaignIds, 0, 1, 4294967294, Math.floor(random() * 2 ** 32)])
    for (let period = 1; period <= periods; period++) {
      const cell = catalog.cellOf(campaign, period);
      if (cell === NONE) continue;
      cells.add(cell);
      const record = cell * CELL_NUMBERS;
      if (index.cells[record + START]! + index.cells[record + SIZE]! > entries) return `cell ${cell} is outside`;
      const count = fillPlaces(catalog, cell, random, places);
      const shown = places.subarray(0, count);
      if (count < 1 || count > MAX_PLACES || shown.some((banner) => banner >= banners)) return `places of ${cell}`;
      if (isMeant && new Set(shown).size !== count) return `a banner twice in ${cell}`;
      for (const last of [NONE, ...shown]) {
        const banner = choose(places, count, placeOf(last, places, count), random);
        if (!shown.includes(banner) || (isMeant && banner === last && count > 1)) return `banner ${banner} of ${cell}`;
      }
    }
  index.bannerIds.forEach((id, banner) => {
    if (catalog.bannerOf(id) !== banner) throw new Error(`banner ${id} is not found`);
    if (catalog.imageOf(banner).byteLength > index.counts.imageBytes) throw new Error(`image of ${id}`);
  });
  if (catalog.bannerOf(0) !== NONE) return "a banner 0";
  const inspected = [...inspectCells(catalog)].length;
  return isMeant && inspected !== cells.size ? "cells that are not inspected" : undefined;
}

await t.test("a manifest that claims more than it holds is refused before anything is made of it", (t) => {
  const [whole] = SHAPES;
  const token = (first: number, length = 0xffffffff): number[] => [
    first,
    ...[24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff),
  ];
  const manifests: [what: string, bytes: number[]][] = [
    ["a list of 4 billion", token(0xdd)],
    ["a map of 4 billion", token(0xdf)],
    ["a text of 4 billion", token(0xdb)],
    ["bytes of 4 billion", token(0xc6)],
    ["an extension of 4 billion", token(0xc9)],
    ["lists in lists of 4 billion", Array.from({ length: 800 }, () => token(0xdd)).flat()],
    ["lists in lists of what is left", Array.from({ length: 800 }, (_, at) => token(0xdd, 4000 - 5 * at)).flat()],
    ["a deep nest of lists", Array.from({ length: 4000 }, () => 0x91)],
    ["a deep nest of maps", Array.from({ length: 1300 }, () => [0x81, 0xa1, 0x61]).flat()],
    ["bundled strings", [0xd6, 0x62, 0xff, 0xff, 0xff, 0xff, 0xa0, 0xa0, 0xc0]],
    ["records", [0xd4, 0x72, 0x40, 0x91, 0xa7, ...Buffer.from("periods"), 0x04]],
    ["a buffer of a typed array", [0xc7, 0x09, 0x74, 0x06, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["nothing", []],
    ["a name and no value", [0x81, 0xa1, 0x61]],
    [
      "a text that can be given none",
      [0x81, 0xa7, ...Buffer.from("periods"), 0x81, 0xa8, ...Buffer.from("toString"), 1],
    ],
  ];
  for (const [what, bytes] of manifests) {
    const file = withManifest(whole!, Uint8Array.from(bytes));
    let result: string | Index = "";
    const made = buffersOf(() => (result = decoded(file)));
    t.equal(result, "contradictory", what);
    t.ok(made < MIB, `${what}: ${made} bytes`);
  }
  const tooLong = withManifest(whole!, new Uint8Array(4097).fill(0xc0));
  t.throws(() => decode(tooLong), { message: /^contradictory: its manifest has 4097 bytes, of at most 4096/ });
  t.end();
});

await t.test("counts that no memory could hold are refused before anything is made of them", (t) => {
  const [whole] = SHAPES;
  const names = ["periods", "campaigns", "entries", "banners", "imageBytes", "textBytes"];
  const float = (value: number): Buffer => {
    const bytes = Buffer.alloc(9, 0xcb);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  };
  const values = [2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 53 - 1, 2 ** 53, 1e300, Infinity, NaN, -1, 1.5];
  for (const large of names)
    for (const value of values) {
      const pairs = names.flatMap((name) => [
        Buffer.of(0xa0 + name.length),
        Buffer.from(name),
        name === large ? float(value) : Buffer.of(1),
      ]);
      const file = withManifest(whole!, Buffer.concat([Buffer.of(0x85), ...pairs]));
      let result: string | Index = "";
      const made = buffersOf(() => (result = decoded(file)));
      t.ok(result === "contradictory" && made < MIB, `${value} ${large}: ${made} bytes`);
    }
  t.end();
});
