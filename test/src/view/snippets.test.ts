import { parseFragment, type DefaultTreeAdapterTypes } from "parse5";
import t from "tap";
import type { BannerText } from "../../../src/view/rows.js";
import { snippetsOf } from "../../../src/view/snippets.js";
import { documentOf } from "../../docs/markdown.js";

const LINK = "https://shop.example/";
const banner = (size: Pick<BannerText, "width" | "height">, link = LINK): BannerText => ({
  name: "Sale",
  link,
  ...size,
});
const LARGE = { width: 300, height: 250 };

/** By tag, in the order of the text: its attributes, as a browser reads them. */
function readTags(html: string): Record<string, Record<string, string>> {
  const tags: Record<string, Record<string, string>> = {};
  const read = ({ childNodes }: DefaultTreeAdapterTypes.ParentNode): void => {
    for (const node of childNodes) {
      if ("attrs" in node) tags[node.tagName] = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      if ("childNodes" in node) read(node);
    }
  };
  read(parseFragment(html));
  return tags;
}

await t.test("docs/embedding.md shows the snippets of a campaign", (t) => {
  const shown = [...documentOf("docs/embedding.md").matchAll(/^```html\n(.*?)```$/gms)].map(([, snippet]) => snippet);
  const { frame, script, image } = snippetsOf("https://media.example.com", {
    campaign: 7,
    banners: { 371: banner(LARGE) },
  });
  t.same(shown.slice(0, 3), [frame, script, image]);
  const recorded = snippetsOf("https://media.example.com", { campaign: 7, banners: { 371: banner(LARGE) } }, true);
  t.equal(shown[3], recorded.image);
  t.end();
});

await t.test("there is room for each banner of several sizes, and a link where it is that of all", (t) => {
  const banners = { 1: banner(LARGE), 2: banner({ width: 728, height: 90 }), 3: banner({}) };
  const { frame, script, image } = snippetsOf("https://m.example", { campaign: 7, banners });
  t.match(readTags(frame)["iframe"], { src: "https://m.example/campaigns/7/", width: "728", height: "250" });
  t.match(readTags(script), { div: { style: "min-height: 250px" }, script: { async: "", "data-campaign": "7" } });
  t.match(readTags(image), { a: { href: LINK }, img: { width: "728", height: "250" } });
  const mixed = snippetsOf("https://m.example", { campaign: 7, banners: { ...banners, 4: banner({}, "") } });
  t.same(Object.keys(readTags(mixed.image)), ["img"]);
  t.end();
});

await t.test("where clicks are recorded, an image leads to the click, which knows the banner that was shown", (t) => {
  const banners = { 1: banner(LARGE), 2: banner(LARGE, "https://other.example/"), 3: banner(LARGE, "") };
  const of = { campaign: 7, banners };
  const recorded = snippetsOf("https://m.example", of, true);
  t.match(readTags(recorded.image), {
    a: { href: "https://m.example/campaigns/7/click", target: "_blank", rel: "sponsored noopener" },
    img: { src: "https://m.example/campaigns/7/banner" },
  });
  const { frame, script } = snippetsOf("https://m.example", of);
  t.same([recorded.frame, recorded.script], [frame, script], "they have the click's address from the server");
  const linkless = { campaign: 7, banners: { 3: banner(LARGE, "") } };
  t.same(Object.keys(readTags(snippetsOf("https://m.example", linkless, true).image)), ["img"]);
  t.end();
});

await t.test("what is not known is left out", (t) => {
  for (const banners of [{}, { 1: banner({}, "") }]) {
    const { frame, script, image } = snippetsOf("https://m.example", { campaign: 4_294_967_295, banners });
    t.same(Object.keys(readTags(frame)["iframe"]!), ["src", "title", "style"]);
    t.same(readTags(script), {
      div: {},
      script: { async: "", src: "https://m.example/embed.js", "data-campaign": "4294967295" },
    });
    t.same(Object.keys(readTags(image)["img"]!), ["src", "alt", "style"]);
  }
  t.end();
});

await t.test("a browser reads each address as it is, whatever is in it", (t) => {
  const link = `https://shop.example/?a=1&copy=2&quot;"'<script>`;
  const server = `https://media.example.com/"&amp<b>'`;
  const { frame, script, image } = snippetsOf(server, { campaign: 7, banners: { 1: banner(LARGE, link) } });
  t.equal(readTags(frame)["iframe"]!["src"], `${server}/campaigns/7/`);
  t.equal(readTags(script)["script"]!["src"], `${server}/embed.js`);
  t.match(readTags(image), { a: { href: link }, img: { src: `${server}/campaigns/7/banner` } });
  t.same(Object.keys(readTags(image)), ["a", "img"]);
  t.end();
});
