import { join } from "node:path";
import t from "tap";
import { readBanners, typeOf } from "../../build/banners.js";
import { IMAGE_TYPES, type ImageType } from "../../src/index-sections.js";
import { fileTypeBox, IMAGE_BYTES } from "./image-bytes.js";

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
