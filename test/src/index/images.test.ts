import t from "tap";
import { findUnsoundImage, ImageParts, MAX_IMAGE_BYTES, partLengths } from "../../../src/index/images.js";
import { NONE } from "../../../src/index/cells.js";
import { layOut } from "../../../src/index/sections.js";
import { packManifest, unpackManifest } from "../../../src/index/manifest.js";

const GIB = 2 ** 30;

/** Where images of these lengths start. */
function startsOf(...lengths: number[]): Float64Array {
  let end = 0;
  return Float64Array.from([0, ...lengths.map((length) => (end += length))]);
}

await t.test("images beyond 4 GiB are cut into parts of at most 1 GiB", (t) => {
  const starts = startsOf(...Array.from({ length: 9 }, () => 700 * 2 ** 20));
  const lengths = partLengths(starts, starts[9]! + 8, GIB);
  t.same(
    lengths,
    Array.from({ length: 9 }, (_, at) => 700 * 2 ** 20 + (at === 8 ? 8 : 0)),
  );
  t.same(partLengths(startsOf(GIB, GIB, GIB, GIB, GIB), 5 * GIB, GIB), [GIB, GIB, GIB, GIB, GIB]);
  t.same(partLengths(startsOf(GIB - 1, 1, 1.5 * GIB, 2 * GIB - 1), 4.5 * GIB - 1, GIB), [GIB, 1.5 * GIB, 2 * GIB - 1]);
  t.same(partLengths(startsOf(GIB - 1, 2), GIB + 1, GIB), [GIB - 1, 2], "one byte more than a part may have");
  t.same(partLengths(startsOf(), 0, GIB), []);
  t.end();
});

await t.test("what does not say where images start is cut into parts no larger, that have all bytes", (t) => {
  const lies = [
    [0, NaN, 10 * GIB],
    [0, Infinity, 10 * GIB],
    [0, 0.5, 10 * GIB],
    [0, 10 * GIB],
    [1, GIB, 2 * GIB],
    [0, 2 * GIB, GIB],
    [-GIB, 0, GIB],
    [0, GIB, 12 * GIB],
    Array.from({ length: 13 }, (_, at) => at * GIB),
  ];
  for (const starts of lies) {
    const lengths = partLengths(Float64Array.from(starts), 10 * GIB + 8, GIB);
    t.ok(
      lengths.every((length) => Number.isInteger(length) && length > 0 && length <= GIB),
      String(starts),
    );
    t.equal(
      lengths.reduce((sum, length) => sum + length, 0),
      10 * GIB + 8,
    );
  }
  t.end();
});

await t.test("an image has at most 2 GiB less a byte", (t) => {
  t.equal(findUnsoundImage(startsOf(5, MAX_IMAGE_BYTES)), NONE);
  t.equal(findUnsoundImage(startsOf(5, MAX_IMAGE_BYTES + 1, 5)), 1);
  t.end();
});

await t.test("the layout and the manifest count beyond 32 bits", (t) => {
  const counts = {
    periods: 4,
    campaigns: 3,
    entries: 12,
    banners: 5,
    imageBytes: 5 * GIB + 3,
    textBytes: 7,
    nameBytes: 9,
  };
  t.same(unpackManifest(packManifest({ counts, timeZone: undefined, exploration: 0 })).counts, counts);
  const { images, end } = layOut(counts, 200);
  t.equal(end - images, 5 * GIB + 16);
  t.ok(images < 2 ** 12);
  t.end();
});

await t.test("an image is found in its part, however many there are", (t) => {
  const lengths = Array.from({ length: 300 }, (_, at) => (at * 7) % 11);
  const starts = startsOf(...lengths);
  for (const group of [1, 2, 7, 300]) {
    const images = lengths.map((length, at) => new Uint8Array(length).fill(at));
    const parts = Array.from({ length: Math.ceil(300 / group) }, (_, at) =>
      Buffer.concat(images.slice(at * group, (at + 1) * group)),
    );
    const found = new ImageParts(parts);
    const wrong = images.filter((image, at) => !Buffer.from(image).equals(found.between(starts[at]!, starts[at + 1]!)));
    t.same(wrong, [], `${parts.length} parts`);
  }
  t.end();
});
