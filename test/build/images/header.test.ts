import fc from "fast-check";
import t from "tap";
import { sizeOf, typeOf } from "../../../build/images/header.js";
import { placeholder } from "../../../build/images/folder.js";
import { IMAGE_TYPES, type ImageType } from "../../../src/index/sections.js";
import { EXTENDED_WEBP, fileTypeBox, IMAGE_BYTES, LOSSLESS_WEBP } from "./image-bytes.js";

await t.test("each type is known by its bytes", (t) => {
  for (const type of IMAGE_TYPES) t.equal(typeOf(IMAGE_BYTES[type]), type);
  t.equal(typeOf(Buffer.from("GIF87a\x01\0", "latin1")), "gif");
  t.equal(typeOf(Buffer.from("\xff\xd8\xff\xdb", "latin1")), "jpeg");
  t.end();
});

await t.test("AVIF is known by its major brand, and by a brand that it is compatible with", (t) => {
  t.equal(typeOf(fileTypeBox("avif")), "avif");
  t.equal(typeOf(fileTypeBox("avis", "msf1")), "avif");
  t.equal(typeOf(fileTypeBox("mif1", "mif1", "avif")), "avif");
  t.equal(typeOf(fileTypeBox("isom", "mp41", "avif")), "avif");
  t.equal(typeOf(fileTypeBox("mif1", "mif1", "heic")), undefined, "HEIC");
  t.equal(typeOf(fileTypeBox("isom", "mp41")), undefined, "a film");
  t.end();
});

await t.test("what only resembles an image is none", (t) => {
  const fakes = [
    ...[
      "",
      "\x89PNG",
      "PNG\r\n\x1a\n",
      "\x89PNG\n\x1a\n",
      "\xff\xd8",
      "GIF88a",
      "GIF89",
      "RIFF\0\0\0\0WAVE",
      "RIFFWEBP",
    ],
    ...[" \x89PNG\r\n\x1a\n", "BM\0\0", "%PDF-1.7", "\0\0\x01\0", "II*\0", "plain text"],
  ];
  for (const fake of fakes) t.equal(typeOf(Buffer.from(fake, "latin1")), undefined, JSON.stringify(fake));
  t.end();
});

const ACROSS = { width: 3, height: 2 };

await t.test("each image says how large it is", (t) => {
  for (const type of IMAGE_TYPES) t.strictSame(sizeOf(IMAGE_BYTES[type], type), ACROSS, type);
  t.strictSame(sizeOf(Buffer.from(placeholder(7)), "svg"), { width: 300, height: 250 });
  t.end();
});

const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';

await t.test("what is wrong with an SVG is said in one line, with the place and the remedy", (t) => {
  const reasons = {
    "<html><svg></svg></html>": "not an image: expected the bytes of one of png, jpg, jpeg, webp, avif, gif, svg",
    '<svg width="4"/>': `an SVG without ${NAMESPACE}, which browsers do not draw: add it to the root element`,
    [`<svg ${NAMESPACE}>\n<g></svg>`]: "neither an image nor XML that browsers draw as one: 2:9: unexpected close tag",
    [`<svg ${NAMESPACE}><text>\xe9</text></svg>`]:
      "neither an image nor XML that browsers draw as one: bytes that are not UTF-8: save it as UTF-8",
    [`<svg ${NAMESPACE} width="0" height="9"/>`]:
      "an SVG of 0 x 9 pixels, of which browsers draw nothing: give its root element a width and a height",
  };
  for (const [text, reason] of Object.entries(reasons)) {
    t.equal(typeOf(Buffer.from(text, "latin1")), "svg");
    t.equal(sizeOf(Buffer.from(text, "latin1"), "svg"), reason);
  }
  t.end();
});

await t.test("an SVG of many megabytes is read to its end, in pieces that part no character", (t) => {
  const text = (end: string): Buffer => Buffer.from(`<svg ${NAMESPACE}><text>${"€".repeat(2 << 20)}${end}`);
  t.strictSame(sizeOf(text("</text></svg>"), "svg"), { width: 300, height: 150 });
  t.type(sizeOf(text("</svg>"), "svg"), "string");
  t.end();
});

const damaged = (type: ImageType): string => `a damaged ${type}, which browsers do not show`;

await t.test("an image other than an SVG that is cut short in its header has no size", (t) => {
  // Where the last byte is that the size is told by.
  const needed = { png: 24, jpeg: 149, webp: 30, avif: 204, gif: 10 };
  for (const [type, end] of Object.entries(needed) as [keyof typeof needed, number][]) {
    for (const length of [16, end - 1].filter((length) => length < end))
      // Within a larger buffer, as a small file may come: what lies behind its bytes is not its own.
      t.equal(sizeOf(IMAGE_BYTES[type].subarray(0, length), type), damaged(type), `${type}, ${length} bytes`);
  }
  t.end();
});

await t.test("whatever is altered in an image, its size is whole numbers within bounds, or it has none", (t) => {
  const MOST = 2 ** 32 - 1;
  const image = fc.constantFrom(...Object.values(IMAGE_BYTES), LOSSLESS_WEBP, EXTENDED_WEBP);
  const edit = fc.record({ at: fc.nat(10_000), remove: fc.nat(8), insert: fc.uint8Array({ maxLength: 8 }) });
  const runs = { seed: 20261124, numRuns: 5000 };
  fc.assert(
    fc.property(
      image,
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(1, 1, 1, 100),
      (bytes, edits, times) => {
        let altered = Buffer.from(bytes);
        for (const { at, remove, insert } of edits) {
          const place = at % (altered.length + 1);
          altered = Buffer.concat([altered.subarray(0, place), insert, altered.subarray(place + remove)]);
        }
        altered = Buffer.concat(Array<Buffer>(times).fill(altered));
        // By the type that it had, whatever it says now.
        const size = sizeOf(altered, typeOf(bytes)!);
        if (typeof size === "string") return true;
        return [size.width, size.height].every((pixels) => Number.isInteger(pixels) && pixels >= 0 && pixels <= MOST);
      },
    ),
    runs,
  );
  t.pass(`${runs.numRuns} images`);
  t.end();
});

await t.test("what is made to keep a reader busy ends, too", (t) => {
  const MEGABYTE = 1 << 20;
  const busy: readonly (readonly [ImageType, string])[] = [
    ["svg", "<svg "],
    ["svg", '<svg a="'],
    ["svg", "<svg a='' "],
    ["svg", "<!DOCTYPE svg [<!ATTLIST "],
    ["svg", "<!DOCTYPE svg [<!-- "],
    ["jpeg", "\xff\xd8\xff\xe1\0\x08Exif\0\0"],
    ["jpeg", "\xff\xd8\xff\0"],
    ["avif", "\0\0\0\x18ftypavif"],
    ["avif", "\0\0\0\x08ispe"],
    ["jpeg", "\xff"],
    ["png", "\x89PNG\r\n\x1a\n"],
    ["gif", "GIF89a"],
    ["webp", "RIFF\0\0\0\0WEBPVP8 "],
  ];
  for (const [type, text] of busy) {
    const size = sizeOf(Buffer.alloc(MEGABYTE, text, "latin1"), type);
    t.ok(size, `${type} ${JSON.stringify(text)}`);
  }
  t.end();
});
