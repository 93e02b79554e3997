import fc from "fast-check";
import { parse, type DefaultTreeAdapterTypes } from "parse5";
import t from "tap";
import { imageOf, type BannerText } from "../../../build/images/folder.js";
import { placeholder } from "../../../build/images/folder.js";
import type { ResponseSettings } from "../../../src/response/decisions.js";
import { Router } from "../../../src/response/router.js";
import { DECISIONS, REPEATS_AVOIDED } from "../../../src/response/counters.js";
import { SETTINGS } from "./response-settings.js";
import { request, type Answered } from "../request.js";
import { seededRandom } from "../seeded-random.js";
import { inEveryPeriod, range, smallCatalog, type SmallCell } from "../small-index.js";

const QUARTER_PAST = Date.UTC(2026, 10, 23, 12, 15);
/** An image that does not tell its size. */
const SIZELESS = imageOf(Buffer.from("\x89PNG\r\n\x1a\n…", "latin1"), "png", "png");
/** An image that tells the half of it; the builder refuses such ones. */
const HALF_SIZED = { ...SIZELESS, width: 300 };
const TEXTS = new Map<number, BannerText>([
  [100, { alt: `Summer & "sun" – 50 %`, link: "https://example.com/?a=1&b=2" }],
  [101, { alt: "", link: "http://example.org/" }],
  [102, { alt: "No link", link: "" }],
]);
const CELLS: readonly SmallCell[] = [
  ...inEveryPeriod({ campaign: 1, converting: range(100, 111) }),
  ...[...range(100, 104), 112].flatMap((id) => inEveryPeriod({ campaign: id, converting: [id] })),
];
const IMAGES = new Map([
  [104, SIZELESS],
  [112, HALF_SIZED],
]);

function routerOf(settings: Partial<ResponseSettings> = {}, cells = CELLS): Router {
  const catalog = smallCatalog(cells, 4, IMAGES, TEXTS);
  return new Router(catalog, { ...SETTINGS, ...settings }, seededRandom(1), () => QUARTER_PAST);
}

const router = routerOf();

interface BannerJson {
  readonly banner: number;
  readonly image: string;
  readonly last?: string;
}
const jsonOf = (answered: Answered): BannerJson => JSON.parse(answered.body) as BannerJson;

const LINKED = /<a href="([^"]*)" target="_blank" rel="sponsored noopener"><img [^>]*><\/a>/;

await t.test("a page has its banner's text, its link and its size, where they are known", (t) => {
  const page = (campaign: number): string => request(router, "GET", `/campaigns/${campaign}/`).body;
  t.match(page(100), ' alt="Summer &#38; &#34;sun&#34; – 50 %" width="300" height="250">');
  t.match(page(100), "<title>Summer &#38; &#34;sun&#34; – 50 %</title>");
  t.equal(LINKED.exec(page(100))?.[1], "https://example.com/?a=1&#38;b=2");
  t.match(page(101), ' alt="Banner 101" width="300" height="250">');
  t.equal(LINKED.exec(page(101))?.[1], "http://example.org/");
  t.match(page(102), ' alt="No link" width');
  t.notMatch(page(102), "<a ");
  t.match(page(103), "<title>Banner 103</title>");
  for (const id of [104, 112]) t.match(page(id), new RegExp(`\\?v=[0-9a-f]{32}" alt="Banner ${id}">`));
  t.end();
});

await t.test("`banner` leads to the image of the version that is served, and remembers it as the page does", (t) => {
  const seen = new Set<string>();
  const shown = new Set<boolean>();
  let last = "0";
  for (let visit = 0; visit < 300; visit++) {
    const { status, headers, body } = request(router, "GET", "/campaigns/1/banner", { cookie: `last_banner=${last}` });
    const [, banner = ""] = /^\/campaigns\/banners\/image_(\d+)\.\w+\?v=[0-9a-f]{32}$/.exec(headers["location"]!) ?? [];
    t.same(
      { status, headers, body },
      {
        status: 302,
        headers: {
          "cache-control": "private, no-store",
          "content-type": "text/plain; charset=utf-8",
          "x-content-type-options": "nosniff",
          "cross-origin-resource-policy": "cross-origin",
          location: headers["location"],
          "set-cookie": `last_banner=${banner}; Path=/campaigns/1; Max-Age=2592000; HttpOnly; SameSite=Lax`,
        },
        body: "Found.\n",
      },
    );
    if (banner === last) t.fail(`banner ${banner} twice in a row`);
    seen.add(banner);
    last = banner;
    if (banner !== "104") shown.add(request(router, "GET", headers["location"]!).body === placeholder(Number(banner)));
  }
  t.equal(seen.size, 10);
  t.same([...shown], [true], "the image that it leads to is its own");
  t.end();
});

await t.test("`banner.json` says what is shown, and what is known of it", (t) => {
  const { generation } = router.catalog.index;
  const answered = request(router, "GET", "/campaigns/100/banner.json");
  const { image } = jsonOf(answered);
  t.equal(
    answered.body,
    `{"campaign":100,"banner":100,"image":"${image}","period":2,"generation":"${generation}","rule":"fill-by-clicks","x":1,` +
      `"width":300,"height":250,"alt":"Summer & \\"sun\\" – 50 %","link":"https://example.com/?a=1&b=2","last":"100"}\n`,
  );
  t.equal(request(router, "GET", image).body, placeholder(100));
  t.same(answered.headers, {
    "cache-control": "private, no-store",
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "set-cookie": "last_banner=100; Path=/campaigns/100; Max-Age=2592000; HttpOnly; SameSite=Lax",
  });
  const known = (campaign: number): string[] =>
    Object.keys(jsonOf(request(router, "GET", `/campaigns/${campaign}/banner.json`)));
  const always = ["campaign", "banner", "image", "period", "generation", "rule", "x"];
  t.same(known(101), [...always, "width", "height", "link", "last"]);
  t.same(known(102), [...always, "width", "height", "alt", "last"]);
  t.same(known(103), [...always, "width", "height", "last"]);
  for (const id of [104, 112]) t.same(known(id), [...always, "last"], "half a size is none");
  t.end();
});

await t.test("a campaign without events has its default banner, in every form, and tells nobody its name", (t) => {
  const campaigns = new Map([[9, { name: "Secret plan", defaultBanner: 200 }]]);
  const router = new Router(
    smallCatalog(CELLS, 4, IMAGES, TEXTS, { campaigns }),
    SETTINGS,
    seededRandom(1),
    () => QUARTER_PAST,
  );
  const replies = ["/", "", "/banner", "/banner.json"].map((form) => request(router, "GET", `/campaigns/9${form}`));
  t.same(
    replies.map(({ status }) => status),
    [200, 200, 302, 200],
  );
  t.match(JSON.parse(replies[3]!.body), { campaign: 9, banner: 200, rule: "default", x: 0, last: "200" });
  t.notMatch(JSON.stringify(replies), "Secret");
  t.equal(request(router, "GET", "/campaigns/9", { cookie: "last_banner=200" }).status, 200, "again and again");
  t.end();
});

await t.test("`banner.json` says where a banner was explored, and no other reply differs", (t) => {
  const cells = inEveryPeriod({ campaign: 1, converting: [...range(100, 109), 110, 111] });
  const bodies = (exploration: number): string[] => {
    const catalog = smallCatalog(cells, 4, IMAGES, TEXTS, { exploration });
    const router = new Router(catalog, SETTINGS, seededRandom(2), () => QUARTER_PAST);
    return range(1, 400).map(() => request(router, "GET", "/campaigns/1/banner.json").body);
  };
  const explored = bodies(0.25).filter((body) => body.includes("explored"));
  t.ok(explored.length > 70 && explored.length < 130, `${explored.length} of 400`);
  for (const body of explored) t.match(body, /"rule":"top-10","x":12,"explored":true,/);
  const behind = bodies(0.25).filter((body) => /"banner":11[01],/.test(body));
  t.ok(behind.length > 5, "those behind the cut come");
  t.ok(
    behind.every((body) => explored.includes(body)),
    "and only so",
  );
  const plain = bodies(0);
  t.notMatch(plain.join(""), "explored");
  t.notMatch(plain.join(""), /"banner":11[01],/);
  t.end();
});

await t.test("`banner.json` says X of cells large and small", (t) => {
  const json = request(router, "GET", "/campaigns/1/banner.json").body;
  t.match(JSON.parse(json), { rule: "top-10", x: 12 });
  t.end();
});

/** Asks as a program does that keeps `last` itself; the banners that it was given. */
function shownTo(router: Router, visits: number, headers: Record<string, string> = {}): number[] {
  let last = "";
  return range(1, visits).map(() => {
    const json = jsonOf(request(router, "GET", `/campaigns/1/banner.json?a=b&last=${last}`, headers));
    last = json.last ?? "";
    return json.banner;
  });
}

const repeatsIn = (shown: readonly number[]): number => shown.filter((banner, at) => banner === shown[at - 1]).length;

await t.test(
  "a program without cookies remembers by `last`, in every rotation, and also where there are no cookies",
  (t) => {
    for (const cookie of [SETTINGS.cookie, undefined]) {
      const shown = shownTo(routerOf({ cookie }), 300);
      t.same([repeatsIn(shown), new Set(shown).size], [0, 10]);
      const sequence = shownTo(routerOf({ cookie, rotation: "sequence" }), 300);
      for (let start = 0; start < 300; start += 10)
        if (new Set(sequence.slice(start, start + 10)).size !== 10)
          t.fail(sequence.slice(start, start + 10).join(", "));
      t.equal(repeatsIn(sequence), 0);
      t.ok(repeatsIn(shownTo(routerOf({ cookie, rotation: "independent" }), 300)) > 5);
    }
    t.end();
  },
);

await t.test("what `last` says counts before what a cookie says, and nothing where it says nothing", (t) => {
  const two = routerOf({}, [{ campaign: 1, period: 2, converting: [100, 101] }]);
  const ask = (query: string): number[] =>
    range(1, 30).map(
      () => jsonOf(request(two, "GET", `/campaigns/1/banner.json${query}`, { cookie: "last_banner=100" })).banner,
    );
  t.same(new Set(ask("?last=101")), new Set([100]));
  for (const query of ["", "?last=", "?last=x", "?last=101-100", "?xlast=101", "?last=%00"])
    t.same(new Set(ask(query)), new Set([101]), query);
  const page = range(1, 30).map(() => request(two, "GET", "/campaigns/1?last=101", { cookie: "last_banner=100" }).body);
  t.ok(
    page.every((body) => body.includes("image_101")),
    "a page goes by the cookie",
  );
  t.end();
});

await t.test("in a sequence the cookie holds it, newest first; independent banners need none", (t) => {
  const sequence = routerOf({ rotation: "sequence" });
  let cookie = "";
  const shown: string[] = [];
  for (const form of ["", "/banner", "/banner.json", "/", ""]) {
    const { headers } = request(sequence, "GET", `/campaigns/1${form}`, { cookie });
    const [, value = ""] = /^last_banner=([\d-]+); Path=\/campaigns\/1; Max-Age=2592000; HttpOnly; SameSite=Lax$/.exec(
      headers["set-cookie"]!,
    )!;
    shown.unshift(value.split("-")[0]!);
    t.equal(value, shown.join("-"), form);
    cookie = `last_banner=${value}`;
  }
  t.equal(new Set(shown).size, 5);
  const independent = routerOf({ rotation: "independent" });
  for (const form of ["", "/banner", "/banner.json"]) {
    const { headers, body } = request(independent, "GET", `/campaigns/1${form}`, { cookie });
    t.notOk("set-cookie" in headers, form);
    t.notMatch(body, '"last"');
  }
  t.end();
});

await t.test("programs of other sites may read decisions where they are allowed to, and theirs alone", (t) => {
  const corsOf = (
    allowedOrigins: readonly string[],
    origin: string,
    path = "/campaigns/1/banner.json",
  ): Record<string, string> => {
    const { headers } = request(routerOf({ allowedOrigins }), "GET", path, origin === "" ? {} : { origin });
    return Object.fromEntries(Object.entries(headers).filter(([name]) => /^access-control-|^vary$/.test(name)));
  };
  const A = "https://a.example";
  const B = "http://b.example:8080";
  const allowed = (origin: string): Record<string, string> => ({
    "access-control-allow-origin": origin,
    "access-control-allow-credentials": "true",
    vary: "Origin",
  });
  t.same(corsOf([], A), {}, "by default nobody's");
  t.same(corsOf([A, B], A), allowed(A));
  t.same(corsOf([A, B], B), allowed(B));
  for (const origin of ["https://c.example", "null", "", `${A}.evil.example`, "https://A.example"])
    t.same(corsOf([A, B], origin), { vary: "Origin" }, origin);
  t.same(corsOf(["*"], A), { "access-control-allow-origin": "*" }, "without credentials");
  t.same(corsOf(["*"], ""), { "access-control-allow-origin": "*" });
  t.same(corsOf([A], A, "/campaigns/2/banner.json"), allowed(A), "they may know that a campaign is unknown");
  for (const path of [
    "/campaigns/1",
    "/campaigns/1/banner",
    "/campaigns/banners/image_100.svg",
    "/campaigns//banner.json",
  ])
    t.same(corsOf([A], A, path), {}, path);
  t.end();
});

await t.test("each form is counted as itself, and each is a decision", (t) => {
  const router = routerOf();
  const addresses = ["/campaigns/1", "/campaigns/1/banner", "/campaigns/1/banner.json", "/campaigns/9/banner.json"];
  const series = addresses.map((address) => {
    const { status } = request(router, "GET", address);
    return `${status}`;
  });
  t.same(series, ["200", "302", "200", "404"]);
  t.equal(
    router.counters.subarray(DECISIONS, REPEATS_AVOIDED).reduce((sum, count) => sum + count, 0),
    3,
  );
  t.end();
});

type Node = DefaultTreeAdapterTypes.ChildNode;

/** The elements below a node, each as its name and its attributes, and the texts. */
function outline(nodes: readonly Node[]): unknown[] {
  return nodes.flatMap((node): unknown[] => {
    if (node.nodeName === "#text") return [(node as DefaultTreeAdapterTypes.TextNode).value];
    if (!("tagName" in node)) return [node.nodeName];
    const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
    return [[node.tagName, attributes, ...outline(node.childNodes)]];
  });
}

/** Texts that try to be more than text. */
const hostile = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        "<",
        ">",
        "&",
        "`",
        "=",
        "/",
        "</title>",
        "</h1><script>",
        "-->",
        "&quot;",
        "&lt",
        "]]>",
        " onload=x ",
        "a",
        "é",
        "😀",
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

await t.test("no text and no link gets out of its place in a page, whatever it holds", (t) => {
  fc.assert(
    fc.property(hostile, hostile, (alt, rest) => {
      // What a parser of HTML takes for another is no text that a build lets in.
      fc.pre(!/[\r\0]/.test(alt + rest));
      const link = `https://example.com/${rest}`;
      const catalog = smallCatalog(
        [{ campaign: 1, period: 2, converting: [7] }],
        4,
        new Map(),
        new Map([[7, { alt, link }]]),
      );
      const router = new Router(catalog, SETTINGS, seededRandom(1), () => QUARTER_PAST);
      const { body } = request(router, "GET", "/campaigns/1");
      const html = parse(body).childNodes.find(
        ({ nodeName }) => nodeName === "html",
      ) as DefaultTreeAdapterTypes.Element;
      const [head, shown] = outline(html.childNodes) as [unknown[], unknown[]];
      const title = alt || "Banner 7";
      t.strictSame((head.at(-1) as unknown[])[2], title);
      const { image } = jsonOf(request(router, "GET", "/campaigns/1/banner.json"));
      t.strictSame(shown.slice(2), [
        [
          "main",
          {},
          [
            "h1",
            {},
            [
              "a",
              { href: link, target: "_blank", rel: "sponsored noopener" },
              ["img", { src: image, alt: title, width: "300", height: "250" }],
            ],
          ],
        ],
        "\n",
      ]);
      const json = JSON.parse(request(router, "GET", "/campaigns/1/banner.json").body) as Partial<BannerText>;
      t.strictSame([json.alt ?? "", json.link], [alt, link]);
    }),
    { numRuns: 300, seed: 20261123 },
  );
  t.end();
});
