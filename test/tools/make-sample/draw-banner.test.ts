import { imageSize } from "image-size";
import t from "tap";
import { drawBanner } from "../../../tools/make-sample/draw-banner.js";

const banners = Array.from({ length: 110 }, (_, i) => 101 + i);

await t.test("a poster is an SVG of 300 x 250 and of at most 2000 bytes", (t) => {
  for (const banner of banners) {
    const bytes = Buffer.from(drawBanner(banner));
    t.match(imageSize(bytes), { type: "svg", width: 300, height: 250 });
    t.ok(bytes.length <= 2000, `${bytes.length} bytes`);
  }
  t.end();
});

await t.test("a poster has its banner's id as text, and as nothing but text", (t) => {
  for (const banner of banners) {
    t.match(drawBanner(banner), new RegExp(`<text[^>]* font-size="72"[^>]*>${banner}</text>`));
    t.equal(drawBanner(banner).match(/<text/g)?.length, 1);
  }
  t.end();
});

await t.test("a poster is well formed: each element is closed in its turn and each attribute is quoted", (t) => {
  for (const banner of banners) {
    const open: string[] = [];
    const rest = drawBanner(banner).replace(
      /<(\/?)([A-Za-z]+)((?:\s+[\w-]+="[^"<&]*")*)(\/?)>/g,
      (_, closing: string, name: string, _attributes: string, empty: string) => {
        if (closing) t.equal(open.pop(), name);
        else if (!empty) open.push(name);
        return "";
      },
    );
    t.same(open, []);
    t.notMatch(rest, /[<>&]/);
  }
  t.end();
});

await t.test("a poster holds no script, no link and no number that is not one", (t) => {
  for (const banner of banners)
    t.notMatch(
      drawBanner(banner).replace('xmlns="http://www.w3.org/2000/svg"', ""),
      /script|href|http|url\((?!#ground\))|NaN|undefined|\bon\w+=/,
    );
  t.end();
});

await t.test("each poster is another, and always the same", (t) => {
  t.equal(new Set(banners.map((banner) => drawBanner(banner).replaceAll(`${banner}`, ""))).size, banners.length);
  t.same(banners.map(drawBanner), banners.map(drawBanner));
  t.end();
});
