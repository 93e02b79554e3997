import fc from "fast-check";
import t from "tap";
import { sizeOf, typeOf } from "../../../build/images/header.js";
import { placeholder } from "../../../build/images/folder.js";
import { IMAGE_TYPES, type ImageType } from "../../../src/index/sections.js";
import { EXTENDED_WEBP, fileTypeBox, IMAGE_BYTES, LOSSLESS_WEBP, orientedJpeg, turnedAvif } from "./image-bytes.js";
import { launchBrowser } from "../report/opened-page.js";

function typeOfText(text: string): ImageType | undefined {
  return typeOf(Buffer.from(text));
}

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"></svg>';
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
  t.equal(typeOf(fileTypeBox("mif1", "mif1", "heic")), undefined, "HEIC");
  t.equal(typeOf(fileTypeBox("isom", "avif", "mp41")), undefined, "a film");
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

await t.test("an SVG may begin with a mark, a declaration, comments and a document type", (t) => {
  const doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">';
  const beginnings = [
    ...["", "\uFEFF", "\n  ", '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n', "<!-- a > b -- c -->"],
    ...[doctype, "<!doctype svg>", '<!DOCTYPE svg [\n<!ENTITY ns "http://example.org/">\n]>'],
    `\uFEFF<?xml version="1.0"?>\r\n<?xml-stylesheet href="a.css"?>\n<!-- made by hand -->\n<!-- twice -->\n${doctype}\n<!---->\n`,
  ];
  for (const beginning of beginnings) t.equal(typeOfText(beginning + SVG), "svg", beginning);
  for (const tag of ["<svg>", "<svg/>", "<SVG >", "<svg\nwidth='1'>"]) t.equal(typeOfText(tag), "svg", tag);
  t.end();
});

await t.test("a page that has an SVG in it is no SVG", (t) => {
  const pages = [
    ...[`<html>${SVG}</html>`, `<!DOCTYPE html>${SVG}`, `<!doctype html><html><body>${SVG}`, `text ${SVG}`],
    ...[`<!-- ${SVG} -->`, `<!-- open ${SVG}`, `<?xml version="1.0"?><html>${SVG}</html>`, "<svgx>", "<svg", "svg"],
    ...['{"svg": "<svg>"}', `<script>1</script>${SVG}`, `<!-- a --><html><!-- b -->${SVG}`],
  ];
  for (const page of pages) t.equal(typeOfText(page), undefined, page);
  t.end();
});

await t.test("however many comments come before it, something else is soon known to be no SVG", (t) => {
  // Their ways to be one comment or several are too many to be tried.
  t.equal(typeOfText(`${"<!-- -->".repeat(400)}<html>`), undefined);
  t.equal(typeOfText(`${"<!-- -->".repeat(400)}${SVG}`), "svg");
  t.end();
});

const ACROSS = { width: 3, height: 2 };
const UPRIGHT = { width: 2, height: 3 };
const UNTOLD = { width: 0, height: 0 };

const svg = (attributes: string, before = ""): Buffer =>
  Buffer.from(`${before}<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><path d="M0 0h3v2H0z"/></svg>`);

/** What an image says of its size, and the image. */
const SIZED: readonly (readonly [what: string, bytes: Buffer, size: typeof ACROSS])[] = [
  ...IMAGE_TYPES.map((type) => [type, IMAGE_BYTES[type], ACROSS] as const),
  ["lossless WebP", LOSSLESS_WEBP, ACROSS],
  ["extended WebP", EXTENDED_WEBP, ACROSS],
  ...[1, 2, 3, 4].map((orientation) => [`upright JPEG ${orientation}`, orientedJpeg(orientation), ACROSS] as const),
  ...[5, 6, 7, 8].map(
    (orientation) => [`JPEG on its side ${orientation}`, orientedJpeg(orientation), UPRIGHT] as const,
  ),
  ["JPEG of an orientation that there is not", orientedJpeg(9), ACROSS],
  ["AVIF that is turned not at all", turnedAvif(0), ACROSS],
  ["AVIF that is turned by a quarter", turnedAvif(1), UPRIGHT],
  ["AVIF that is turned by two", turnedAvif(2), ACROSS],
  ["AVIF that is turned by three", turnedAvif(3), UPRIGHT],
  ["a placeholder", Buffer.from(placeholder(7)), { width: 300, height: 250 }],
  ["SVG in other quotes", svg("width='4' height=\"5px\""), { width: 4, height: 5 }],
  ["SVG in units", svg('width="3cm" height="2in"'), { width: 113, height: 192 }],
  ["SVG in points and millimetres", svg('width="30pt" height="20mm"'), { width: 40, height: 76 }],
  ["SVG of fractions", svg('width="300.5" height="250.4"'), { width: 301, height: 250 }],
  ["SVG with a view box, too", svg('viewBox="0 0 1 1" width="4" height="5"'), { width: 4, height: 5 }],
  [
    "SVG with other widths before its own",
    svg('a=" width=\'8\' " data-width="9" width="4" height="5"'),
    { width: 4, height: 5 },
  ],
  [
    "SVG behind one in a comment",
    svg('width="4" height="5"', '<!-- <svg width="1" height="1"> -->'),
    { width: 4, height: 5 },
  ],
  ["SVG with very many attributes", svg(`data-a="${"a".repeat(9000)}" width="4" height="5"`), { width: 4, height: 5 }],
  ["large SVG", svg('width="1000000" height="999999"'), { width: 1_000_000, height: 999_999 }],
];

const UNSIZED_SVGS = [
  ...[
    'viewBox="0 0 40 20"',
    'width="100%" height="100%"',
    'width="100%" height="20" viewBox="0 0 40 20"',
    'width="100"',
    "",
  ],
  ...[
    'width="100" viewBox="0 0 40 20"',
    'width="10em" height="10ex"',
    'width="1pc" height="5"',
    'width="4." height="5"',
  ],
  ...['width="0" height="5"', 'width="0.4" height="5"', 'width="-4" height="5"', 'width="auto" height="5"'],
  ...[
    'width="1000001" height="5"',
    'width="99999999999999999999" height="5"',
    'width="1e9" height="5"',
    "width=4 height=5",
  ],
];

const typed = (bytes: Buffer): ImageType => typeOf(bytes)!;

await t.test("each image says how large it is", (t) => {
  for (const [what, bytes, size] of SIZED) t.strictSame(sizeOf(bytes, typed(bytes)), size, what);
  t.end();
});

await t.test("an AVIF sequence says so, too, and one of which a part is shown need not", (t) => {
  const text = IMAGE_BYTES.avif.toString("latin1");
  t.strictSame(sizeOf(Buffer.from(text.replace("ftypavif", "ftypavis"), "latin1"), "avif"), ACROSS);
  t.strictSame(sizeOf(Buffer.from(text.replace("pixi", "clap"), "latin1"), "avif"), UNTOLD);
  t.end();
});

await t.test("an SVG that browsers size by other things than its width and height does not tell", (t) => {
  for (const attributes of UNSIZED_SVGS) t.strictSame(sizeOf(svg(attributes), "svg"), UNTOLD, attributes);
  t.end();
});

await t.test("a browser makes the same of each image that says how large it is", async (t) => {
  const browser = await launchBrowser();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  for (const [what, bytes, { width, height }] of SIZED) {
    const media = { png: "png", jpeg: "jpeg", webp: "webp", avif: "avif", gif: "gif", svg: "svg+xml" }[typed(bytes)];
    const natural = await page.evaluate<number[]>(`(async () => {
      const image = new Image();
      image.src = "data:image/${media};base64,${bytes.toString("base64")}";
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    })()`);
    t.strictSame(natural, [width, height], what);
  }
});

await t.test("an image other than an SVG that is cut short in its header has no size", (t) => {
  // Where the last byte is that the size is told by.
  const needed = { png: 24, jpeg: 149, webp: 30, avif: 204, gif: 10 };
  for (const [type, end] of Object.entries(needed) as [keyof typeof needed, number][]) {
    for (const length of [16, end - 1].filter((length) => length < end))
      // Within a larger buffer, as a small file may come: what lies behind its bytes is not its own.
      t.equal(sizeOf(IMAGE_BYTES[type].subarray(0, length), type), undefined, `${type}, ${length} bytes`);
  }
  t.end();
});

await t.test("an image of no width is damaged", (t) => {
  const png = Buffer.from(IMAGE_BYTES.png);
  png.fill(0, 16, 20);
  t.equal(sizeOf(png, "png"), undefined);
  t.equal(sizeOf(IMAGE_BYTES.gif, "png"), undefined, "nor is it an image of another type");
  t.end();
});

await t.test("whatever is altered in an image, its size is whole numbers within bounds, or it has none", (t) => {
  const MOST = 2 ** 32 - 1;
  const image = fc.constantFrom(...SIZED.map(([, bytes]) => bytes));
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
        const size = sizeOf(altered, typed(bytes));
        if (size === undefined) return typed(bytes) !== "svg";
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
    ["jpeg", "\xff\xd8\xff\xe1\0\x08Exif\0\0"],
    ["jpeg", "\xff\xd8\xff\0"],
    ["avif", "\0\0\0\x18ftypavif"],
    ["avif", "\0\0\0\x08ispe"],
    ["png", "\x89PNG\r\n\x1a\n"],
    ["gif", "GIF89a"],
    ["webp", "RIFF\0\0\0\0WEBPVP8 "],
  ];
  for (const [type, text] of busy) {
    const size = sizeOf(Buffer.alloc(MEGABYTE, text, "latin1"), type);
    t.ok(size === undefined || size.width >= 0, `${type} ${JSON.stringify(text)}`);
  }
  t.end();
});
