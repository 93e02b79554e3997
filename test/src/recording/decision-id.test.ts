import { randomBytes } from "node:crypto";
import t from "tap";
import { DecisionIds, ID_DIGITS } from "../../../src/recording/decision-id.js";
import { seededRandom } from "../seeded-random.js";

const KEY = Buffer.alloc(32, 7);
const NOON = Date.UTC(2026, 10, 30, 12) / 1000;

function made(ids: DecisionIds, campaign: number, banner: number, seconds: number): string {
  const digits = new DataView(new ArrayBuffer(ID_DIGITS));
  ids.write(campaign, banner, seconds, digits, 0);
  return Buffer.from(digits.buffer).toString("latin1");
}

function hexOf(words: Uint32Array): string {
  return Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
}

function timeOf(ids: DecisionIds, digits: string, campaign: number, banner: number): number | undefined {
  return ids.read(digits) ? ids.secondsOf(campaign, banner) : undefined;
}

await t.test("any server with the key knows an id, and when it was made", (t) => {
  const maker = new DecisionIds(KEY);
  const reader = new DecisionIds(KEY);
  for (const [campaign, banner] of [
    [1, 1],
    [7, 371],
    [4294967295, 2147483648],
    [16909060, 4294967295],
  ] as const) {
    const id = made(maker, campaign, banner, NOON);
    t.match(id, /^[0-9a-f]{32}$/);
    t.equal(timeOf(reader, id, campaign, banner), NOON);
    t.equal(hexOf(reader.words), id, "its words are there to be recorded");
  }
  t.equal(timeOf(reader, made(maker, 1, 1, 2 ** 32 - 1), 1, 1), 2 ** 32 - 1, "to the last second of 32 bits");
  t.end();
});

await t.test("an id's time is at most ten seconds before its decision's, in the same minute, never behind it", (t) => {
  const maker = new DecisionIds(KEY);
  let seconds = NOON;
  for (const step of [0, 1, 8, 0, 3, 9, 10, 27, 1, 1, 1, 3600, 0, -1, -7200, 0]) {
    seconds += step;
    const time = timeOf(maker, made(maker, 7, 371, seconds), 7, 371)!;
    const age = seconds - time;
    t.ok(age >= 0 && age < 10, `${age} s after ${step} s`);
    t.equal(Math.floor(time / 60), Math.floor(seconds / 60), "in the same minute");
  }
  t.end();
});

await t.test("an id belongs to its campaign and banner alone", (t) => {
  const ids = new DecisionIds(KEY);
  const id = made(ids, 7, 371, NOON);
  for (const [campaign, banner] of [
    [7, 370],
    [6, 371],
    [371, 7],
    [7, 371 + 2 ** 31],
    [7 + 2 ** 24, 371],
    [0, 0],
  ] as const)
    t.equal(timeOf(ids, id, campaign, banner), undefined, `${campaign} ${banner}`);
  t.end();
});

await t.test("no id comes twice, in two threads of one start neither", (t) => {
  const threads = [new DecisionIds(KEY), new DecisionIds(KEY)];
  const seen = new Set<string>();
  for (let at = 0; at < 20_000; at++) seen.add(made(threads[at % 2]!, 7, 371, NOON));
  t.equal(seen.size, 20_000);
  t.end();
});

await t.test("an id of another key is none of ours", (t) => {
  const id = made(new DecisionIds(Buffer.alloc(32, 8)), 7, 371, NOON);
  t.equal(timeOf(new DecisionIds(KEY), id, 7, 371), undefined);
  t.end();
});

await t.test("a million forged and altered ids: none is ours", (t) => {
  const ids = new DecisionIds(KEY);
  const random = seededRandom(1);
  const known = Array.from({ length: 1000 }, () => made(ids, 7, 371, NOON));
  let accepted = 0;
  let altered = 0;
  for (let at = 0; at < 500_000; at++) {
    const forged = randomBytes(16).toString("hex");
    if (timeOf(ids, forged, 7, 371) !== undefined) accepted++;
    const bytes = Buffer.from(known[at % known.length]!, "hex");
    const place = Math.floor(random() * 128);
    bytes[place >>> 3]! ^= 1 << (place & 7);
    // A second one in some, and parts of two ids put together in others.
    if (at % 3 === 1) bytes[Math.floor(random() * 16)]! ^= 1 + Math.floor(random() * 255);
    if (at % 3 === 2) bytes.set(Buffer.from(known[(at + 1) % known.length]!, "hex").subarray(0, 8));
    if (bytes.toString("hex") === known[at % known.length]) continue;
    altered++;
    if (timeOf(ids, bytes.toString("hex"), 7, 371) !== undefined) accepted++;
  }
  t.equal(accepted, 0);
  t.ok(altered > 490_000);
  t.equal(timeOf(ids, known[0]!, 7, 371), NOON, "a real one is");
  t.end();
});

await t.test("only the digits of an id are read as one", (t) => {
  const ids = new DecisionIds(KEY);
  const id = made(ids, 7, 371, NOON);
  for (const text of [
    "",
    id.slice(1),
    `${id}0`,
    id.toUpperCase(),
    ` ${id.slice(1)}`,
    `0x${id.slice(2)}`,
    "-".repeat(32),
  ])
    t.notOk(ids.read(text), text);
  t.end();
});
