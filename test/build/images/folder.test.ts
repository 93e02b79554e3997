import { join } from "node:path";
import t from "tap";
import { placeholder, PLACEHOLDER_SIZE, readBanners } from "../../../build/images/folder.js";
import { sizeOf, typeOf } from "../../../build/images/header.js";
import { IMAGE_BYTES } from "./image-bytes.js";

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

await t.test("letters of any case are one name, and addresses have small ones", async (t) => {
  const folder = t.testdir({ "image_1.PNG": IMAGE_BYTES.png, "Image_2.JpEg": IMAGE_BYTES.jpeg });
  const { images, ignored } = await readBanners(folder);
  t.strictSame(
    [...images].map(([banner, { extension, file }]) => [banner, extension, file]),
    [
      [2, "jpeg", "Image_2.JpEg"],
      [1, "png", "image_1.PNG"],
    ],
  );
  t.strictSame(ignored, []);
  const twice = t.testdir({ "image_7.SVG": IMAGE_BYTES.svg, "image_7.svg": IMAGE_BYTES.svg });
  await t.rejects(readBanners(twice), {
    message: `${join(twice, "image_7.svg")}: banner 7 already has an image in image_7.SVG: keep one of them`,
  });
});

await t.test(
  "a file that is named as a banner and is no image, or a damaged one, is told, with what was expected",
  async (t) => {
    const folder = t.testdir({
      "image_1.png": IMAGE_BYTES.png,
      "image_2.svg": "<!DOCTYPE html><html><svg></svg></html>",
      "image_3.png": "",
      "image_4.png": IMAGE_BYTES.png.subarray(0, 20),
      "image_5.jpg": IMAGE_BYTES.gif.subarray(0, 8),
    });
    const { images, unreadable, ignored } = await readBanners(folder);
    const reason = "not an image: expected the bytes of one of png, jpg, jpeg, webp, avif, gif, svg";
    t.strictSame([...images.keys()], [1]);
    t.strictSame(unreadable, [
      { file: "image_2.svg", reason },
      { file: "image_3.png", reason },
      { file: "image_4.png", reason: "a damaged png, which browsers do not show" },
      { file: "image_5.jpg", reason: "a damaged gif, which browsers do not show" },
    ]);
    t.strictSame(ignored, []);
  },
);

await t.test("two files for one banner are refused, whatever is in them", async (t) => {
  const folder = t.testdir({ "image_7.png": IMAGE_BYTES.png, "image_7.svg": IMAGE_BYTES.svg });
  await t.rejects(readBanners(folder), {
    name: "DataError",
    message: `${join(folder, "image_7.svg")}: banner 7 already has an image in image_7.png: keep one of them`,
  });
  const bad = t.testdir({ "image_7.gif": "no image", "image_7.jpg": IMAGE_BYTES.jpeg });
  await t.rejects(readBanners(bad), {
    message: `${join(bad, "image_7.jpg")}: banner 7 already has an image in image_7.gif: keep one of them`,
  });
});

await t.test("files of other names are not read, and told but for hidden ones", async (t) => {
  const others = [
    ...["image_0.png", "image_007.png", "image_-1.png", "image_1.5.png", "image_4294967296.png", "image_.png"],
    ...["image_8.bmp", "image_8", "image_8.png.bak", "my_image_8.png", "image_9 .png"],
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

await t.test("a folder that is named as an image is refused with its place", async (t) => {
  const folder = t.testdir({ "image_1.png": {} });
  const error: unknown = await readBanners(folder).catch((error: unknown) => error);
  t.match(error, { name: "FileError" });
  t.ok(String(error).includes(`${join(folder, "image_1.png")}: is a folder, expected a file: `), String(error));
});

await t.test("banners.csv is neither an image nor left unread", async (t) => {
  const folder = t.testdir({ "image_1.png": IMAGE_BYTES.png, "banners.csv": "", "other.csv": "" });
  const { images, ignored, textFile } = await readBanners(folder);
  t.strictSame([[...images.keys()], ignored, textFile], [[1], ["other.csv"], join(folder, "banners.csv")]);
  t.notOk("textFile" in (await readBanners(t.testdir({ "image_1.png": IMAGE_BYTES.png }))));
});

await t.test("a placeholder is an SVG with the banner's id as text", (t) => {
  for (const banner of [1, 371, 4294967295]) {
    t.equal(typeOf(Buffer.from(placeholder(banner))), "svg");
    t.strictSame(sizeOf(Buffer.from(placeholder(banner)), "svg"), PLACEHOLDER_SIZE);
    t.match(placeholder(banner), `>${banner}</text>`);
    t.match(placeholder(banner), `<title>Banner ${banner}</title>`);
  }
  t.end();
});

await t.test("the longest id fits into its picture", (t) => {
  const svg = placeholder(4294967295);
  const numberIn = (pattern: RegExp): number => Number(pattern.exec(svg)?.[1]);
  t.equal(numberIn(/ width="(\d+)"/), 300);
  t.ok(numberIn(/ textLength="(\d+)"/) < 284, "within the frame");
  t.end();
});

await t.test("every tag of a placeholder is closed", (t) => {
  const open: string[] = [];
  for (const [, closing, name = "", alone] of placeholder(7).matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g))
    if (closing === "/") t.equal(open.pop(), name);
    else if (alone === "") open.push(name);
  t.strictSame(open, []);
  t.end();
});
