import { join } from "node:path";
import t from "tap";
import { imageOf, readBanners, typeOf } from "../../build/banners.js";
import { IMAGE_TYPES, MEDIA_TYPES, type ImageType } from "../../src/index-sections.js";
import { seededRandom } from "../src/seeded-random.js";
import { fileTypeBox, IMAGE_BYTES, OTHER_IMAGES } from "./image-bytes.js";
import { launchBrowser } from "./opened-page.js";

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

await t.test("images are read by the names of their files, and typed by their bytes", async (t) => {
  const folder = t.testdir({
    "image_1.png": IMAGE_BYTES.png,
    "image_2.png": IMAGE_BYTES.jpeg,
    "image_3.jpg": IMAGE_BYTES.webp,
    "image_4.jpeg": IMAGE_BYTES.jpeg,
    "image_5.webp": IMAGE_BYTES.svg,
    "image_6.avif": IMAGE_BYTES.avif,
    "image_7.gif": IMAGE_BYTES.gif,
    "image_4294967295.svg": IMAGE_BYTES.svg,
  });
  const { images, unreadable, ignored } = await readBanners(folder);
  t.strictSame(
    [...images]
      .map(([banner, { type, extension }]) => [banner, type, extension])
      .sort(([a], [b]) => Number(a) - Number(b)),
    [
      [1, "png", "png"],
      [2, "jpeg", "png"],
      [3, "webp", "jpg"],
      [4, "jpeg", "jpeg"],
      [5, "svg", "webp"],
      [6, "avif", "avif"],
      [7, "gif", "gif"],
      [4294967295, "svg", "svg"],
    ],
  );
  t.strictSame(images.get(2)?.bytes, IMAGE_BYTES.jpeg);
  t.strictSame({ unreadable, ignored }, { unreadable: [], ignored: [] });
});

await t.test("a file that is named as a banner and is no image is told, with what was expected", async (t) => {
  const folder = t.testdir({
    "image_1.png": IMAGE_BYTES.png,
    "image_2.svg": "<!DOCTYPE html><html><svg></svg></html>",
    "image_3.png": "",
  });
  const { images, unreadable, ignored } = await readBanners(folder);
  const reason = "not an image: expected the bytes of one of png, jpg, jpeg, webp, avif, gif, svg";
  t.strictSame([...images.keys()], [1]);
  t.strictSame(unreadable, [
    { file: "image_2.svg", reason },
    { file: "image_3.png", reason },
  ]);
  t.strictSame(ignored, []);
});

await t.test("two files for one banner are refused, whatever is in them", async (t) => {
  const folder = t.testdir({ "image_7.png": IMAGE_BYTES.png, "image_7.svg": IMAGE_BYTES.svg });
  await t.rejects(readBanners(folder), {
    name: "DataError",
    message: `${join(folder, "image_7.svg")}: banner 7 has an image in image_7.png already: keep one of them`,
  });
  const bad = t.testdir({ "image_7.gif": "no image", "image_7.jpg": IMAGE_BYTES.jpeg });
  await t.rejects(readBanners(bad), {
    message: `${join(bad, "image_7.jpg")}: banner 7 has an image in image_7.gif already: keep one of them`,
  });
});

await t.test("files of other names are not read, and told but for hidden ones", async (t) => {
  const others = [
    ...["image_0.png", "image_007.png", "image_-1.png", "image_1.5.png", "image_4294967296.png", "image_.png"],
    ...["image_8.PNG", "image_8.bmp", "image_8", "Image_8.png", "image_8.png.bak", "my_image_8.png", "image_9 .png"],
  ];
  const folder = t.testdir(
    Object.fromEntries([...others, ".image_8.png", ".DS_Store"].map((name) => [name, IMAGE_BYTES.png])),
  );
  const { images, unreadable, ignored } = await readBanners(folder);
  t.strictSame([...images.keys()], []);
  t.strictSame(unreadable, []);
  t.strictSame(ignored, others.sort());
});

await t.test("a folder that is not there is refused, and an empty one has no images", async (t) => {
  const folder = t.testdir();
  t.equal((await readBanners(folder)).images.size, 0);
  await t.rejects(readBanners(join(folder, "none")), {
    name: "DataError",
    message: `${join(folder, "none")}: cannot be read: name the folder of the banner images with --banners`,
  });
});

await t.test("however many comments come before it, something else is soon known to be no SVG", (t) => {
  // Their ways to be one comment or several are too many to be tried.
  t.equal(typeOfText(`${"<!-- -->".repeat(400)}<html>`), undefined);
  t.equal(typeOfText(`${"<!-- -->".repeat(400)}${SVG}`), "svg");
  t.end();
});

await t.test("a folder that is named as an image is refused with its place", async (t) => {
  const folder = t.testdir({ "image_1.png": {} });
  const error: unknown = await readBanners(folder).catch((error: unknown) => error);
  t.match(error, { name: "DataError" });
  t.ok(String(error).includes(`${join(folder, "image_1.png")}: cannot be read as a file: `), String(error));
});

/** Each image of the tests, with its true type. */
const IMAGES: readonly (readonly [name: string, type: ImageType, bytes: Buffer])[] = [
  ...IMAGE_TYPES.map((type) => [type, type, IMAGE_BYTES[type]] as const),
  ["webp lossless", "webp", OTHER_IMAGES["webp lossless"]],
  ["webp extended", "webp", OTHER_IMAGES["webp extended"]],
  ["jpeg on its side", "jpeg", OTHER_IMAGES["jpeg on its side"]],
];

await t.test("an image's size is that of its header, turned as the camera says", (t) => {
  for (const [name, type, bytes] of IMAGES) {
    const { width, height } = imageOf(bytes, type, "png");
    t.strictSame([width, height], name === "jpeg on its side" ? [2, 3] : [3, 2], name);
  }
  t.end();
});

const XMLNS = 'xmlns="http://www.w3.org/2000/svg"';
/** SVGs, and the size that a page gives them. */
const SVGS: readonly (readonly [svg: string, width: number, height: number])[] = [
  [`<svg ${XMLNS} width="300" height="250"/>`, 300, 250],
  [`<svg ${XMLNS} width='30' height='20' stroke-width="7"/>`, 30, 20],
  [`<svg ${XMLNS} width="2in" height="1in"/>`, 192, 96],
  [`<svg ${XMLNS} width="80" viewBox="0 0 40 20"/>`, 80, 40],
  [`<svg ${XMLNS} height="80" viewBox="0 0 40 20"/>`, 160, 80],
  [
    `<?xml version="1.0"?>\n<!-- größer: <svg width="9" height="9"> -->\n<svg ${XMLNS} width="30" height="20"/>`,
    30,
    20,
  ],
];

await t.test("an SVG has the size that it says, or that of its view box, or none", (t) => {
  const sizeOf = (svg: string): number[] => {
    const { width, height } = imageOf(Buffer.from(svg), "svg", "svg");
    return [width, height];
  };
  for (const [svg, width, height] of SVGS) t.strictSame(sizeOf(svg), [width, height], svg);
  for (const size of ['viewBox="0 0 40 20"', 'width="100%" height="100%" viewBox="0 0 40 20"'])
    t.strictSame(sizeOf(`<svg ${XMLNS} ${size}/>`), [40, 20], size);
  for (const size of [
    "",
    'width="80"',
    'width="-5" height="5"',
    'viewBox="0,0,40,20"',
    'viewBox="0 0 40 0"',
    'width="1e9" height="1e9"',
  ])
    t.strictSame(sizeOf(`<svg ${XMLNS} ${size}/>`), [0, 0], size);
  t.end();
});

await t.test("a browser finds the same sizes", async (t) => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const images = [
      ...IMAGES.map(([, type, bytes]) => [type, bytes] as const),
      ...SVGS.map(([svg]) => ["svg", Buffer.from(svg)] as const),
    ];
    for (const [type, bytes] of images) {
      const { width, height } = imageOf(bytes, type, "png");
      const address = `data:${MEDIA_TYPES[type]};base64,${bytes.toString("base64")}`;
      const found = await page.evaluate<number[]>(`(async () => {
        const image = new Image();
        image.src = ${JSON.stringify(address)};
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      })()`);
      t.strictSame(found, [width, height], bytes.toString("latin1").slice(0, 80));
    }
  } finally {
    await browser.close();
  }
});

await t.test("an image that is cut off behind its first bytes is told, and an SVG without a size is not", async (t) => {
  const folder = t.testdir({
    "image_1.png": IMAGE_BYTES.png.subarray(0, 18),
    "image_2.jpg": IMAGE_BYTES.jpeg.subarray(0, 30),
    "image_3.svg": `<svg ${XMLNS}/>`,
  });
  const { images, unreadable } = await readBanners(folder);
  t.strictSame([...images.keys()], [3]);
  t.strictSame(unreadable, [
    { file: "image_1.png", reason: "a damaged png: its header does not tell its size" },
    { file: "image_2.jpg", reason: "a damaged jpeg: its header does not tell its size" },
  ]);
});

await t.test("banners.csv is neither an image nor left unread", async (t) => {
  const folder = t.testdir({ "image_1.png": IMAGE_BYTES.png, "banners.csv": "", "other.csv": "" });
  const { images, ignored, textFile } = await readBanners(folder);
  t.strictSame([[...images.keys()], ignored, textFile], [[1], ["other.csv"], join(folder, "banners.csv")]);
  t.notOk("textFile" in (await readBanners(t.testdir({ "image_1.png": IMAGE_BYTES.png }))));
});

await t.test("whatever bytes an image has, its size is a whole number that a browser can draw, or none", (t) => {
  const random = seededRandom(20261123);
  const below = (limit: number): number => Math.floor(random() * limit);
  let told = 0;
  for (let round = 0; round < 5000; round++) {
    const [, type, whole] = IMAGES[round % IMAGES.length]!;
    const bytes = Buffer.from(whole.subarray(0, below(2) === 0 ? whole.length : 1 + below(whole.length)));
    for (let change = below(6); change > 0; change--) bytes[below(bytes.length)] = below(256);
    const { width, height } = imageOf(bytes, type, "png");
    const isSound = [width, height].every((side) => Number.isInteger(side) && side >= 0 && side <= 65_535);
    if (!isSound || (width === 0) !== (height === 0))
      t.fail(`${type}: ${width} x ${height}: ${bytes.toString("base64")}`);
    if (width > 0) told++;
  }
  t.ok(told > 1000 && told < 4500, `${told} of 5,000 tell a size`);
  t.end();
});
