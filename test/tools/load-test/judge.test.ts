import t, { type Test } from "tap";
import { Expectation, type KnownCell } from "../../../tools/load-test/expectation.js";
import { Judge, type Judged } from "../../../tools/load-test/judge.js";
import { Tally } from "../../../tools/load-test/tally.js";
import { Visitor, type Visit } from "../../../tools/load-test/visitors.js";
import { FakeClock, NOON } from "./fake-clock.js";

const CAMPAIGN = 7;
const QUARTER_MS = 15 * 60_000;

interface Page {
  readonly status: number;
  /** "" where there is none. */
  readonly contentType: string;
  readonly setCookies: readonly string[];
  readonly body: string;
}

const GOOD: Page = {
  status: 200,
  contentType: "text/html; charset=utf-8",
  setCookies: ["last_banner=5; Path=/campaigns/7; Max-Age=2592000; HttpOnly; SameSite=Lax"],
  body: `<html><img src="/campaigns/banners/image_5.png" alt="Banner 5"></html>`,
};

function cell(period: number, banners: readonly number[], pool: readonly number[] = [], random = 0): KnownCell {
  return {
    period,
    campaign: CAMPAIGN,
    collection: banners.map((banner) => ({ banner })),
    pool,
    random_places: random,
  };
}

function pageWith(banner: number): Page {
  return {
    ...GOOD,
    setCookies: [`last_banner=${banner}; Path=/campaigns/7`],
    body: `<img src="/campaigns/banners/image_${banner}.png" alt="Banner ${banner}">`,
  };
}

function judgedOf({ status, contentType, setCookies, body }: Page): Judged {
  const lines = [
    `HTTP/1.1 ${status} Some`,
    ...(contentType === "" ? [] : [`content-type: ${contentType}`]),
    ...setCookies.map((cookie) => `Set-Cookie: ${cookie}`),
  ];
  return { status, headers: lines.map((line) => `${line}\r\n`).join(""), body: Buffer.from(body) };
}

/** A judge, one visitor and what comes of them; cells are those of an index, none means that there is no index. */
class Court {
  readonly clock = new FakeClock();
  readonly tally = new Tally(100);
  readonly visitor = new Visitor(1);
  readonly judge: Judge;

  constructor(cells: readonly KnownCell[] = []) {
    const expectation = cells.length === 0 ? undefined : new Expectation(4, "UTC", cells);
    this.judge = new Judge(this.tally, this.clock, expectation);
  }

  visit(sentOn = this.clock.date()): Visit {
    return { visitor: this.visitor, campaign: CAMPAIGN, since: 0, sentOn };
  }

  /** Responses received one after another. */
  hear(...pages: readonly Page[]): this {
    for (const page of pages) this.judge.responded(this.visit(), judgedOf(page));
    this.judge.finish();
    return this;
  }

  get failed(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.tally.failed.kinds).map(([kind, { count }]) => [kind, count]));
  }

  get violations(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.tally.violations.kinds).map(([kind, { count }]) => [kind, count]));
  }

  get unjudged(): Record<string, number> {
    return this.tally.unjudgedRepeats;
  }
}

function finds(t: Test, court: Court, violations: Record<string, number>, failed: Record<string, number> = {}): void {
  t.same(court.violations, violations);
  t.same(court.failed, failed);
}

await t.test("A response that keeps the rules is counted, with its latency and its length", (t) => {
  const court = new Court([cell(1, [5, 6])]);
  court.clock.time = 12;
  court.hear(GOOD);
  finds(t, court, {});
  t.equal(court.tally.complete, 1);
  t.equal(court.tally.bodyBytes, GOOD.body.length);
  t.ok(court.tally.sortedLatencies()[0]! >= 12);
  t.end();
});

await t.test("A link to the click of a recorded decision is right, and counted; that of none is right too", (t) => {
  const linked = (decision: string): Page => ({
    ...GOOD,
    body: `<html><a href="/campaigns/7/click/5?d=${decision}" rel="sponsored">${GOOD.body}</a></html>`,
  });
  const court = new Court([cell(1, [5])]);
  court.hear(linked("0123456789abcdef".repeat(2)), linked(""), GOOD);
  finds(t, court, {});
  t.equal(court.tally.recorded, 1);
  t.end();
});

await t.test("Bytes are counted, not characters", (t) => {
  t.equal(new Court().hear({ ...GOOD, body: `${GOOD.body}é` }).tally.bodyBytes, GOOD.body.length + 2);
  t.end();
});

await t.test(
  "The page may have attributes in any order, sizes, another base address, a version and a text of its own",
  (t) => {
    for (const tag of [
      `<img alt="Banner 5" src="/campaigns/banners/image_5.png">`,
      `<img width="300" height="250" src="image_5.jpeg" class="x" alt="Banner 5">`,
      `<img src="https://cdn.example/b/image_5.svg?v=0123abcd&#38;w=2" alt="Banner 5"/>`,
      `<img src="image_5.png" alt="Summer &#38; sun">`,
      `<a href="https://example.com/"><img src="image_5.png" alt="Banner 6 and more" width="1" height="1"></a>`,
    ])
      finds(t, new Court().hear({ ...GOOD, body: `<html>${tag}</html>` }), {});
    t.end();
  },
);

await t.test("A page without a banner, or one whose parts name different banners, is against the rules", (t) => {
  for (const body of [
    "",
    "image_5.png Banner 5",
    `<img src="/campaigns/banners/image_5.png">`,
    `<img src="/campaigns/banners/image_5.png" alt="">`,
    `<img src="/campaigns/banners/image_5.png" alt="Banner 6">`,
    `<img src="/campaigns/banners/image_5.exe" alt="Banner 5">`,
    `<img src="/campaigns/banners/other_image_5.png" alt="Banner 5">`,
    `<img src="/campaigns/banners/image_05.png" alt="Banner 5">`,
    `<img src="/x?image_5.png" alt="Banner 5">`,
  ])
    finds(t, new Court().hear({ ...GOOD, body }), { page: 1 });
  t.end();
});

await t.test("Another content type, or none, is against the rules", (t) => {
  for (const contentType of ["text/html", "text/plain; charset=utf-8", "text/html; charset=latin1", ""])
    finds(t, new Court().hear({ ...GOOD, contentType }), { "content type": 1 });
  t.end();
});

await t.test("The cookie must be there once, with the banner of the page and the path of the campaign", (t) => {
  for (const setCookies of [
    [],
    ["other=5; Path=/campaigns/7"],
    ["last_banner=6; Path=/campaigns/7"],
    ["last_banner=5x; Path=/campaigns/7"],
    ["last_banner=5"],
    ["last_banner=5; Path=/"],
    ["last_banner=5; Path=/campaigns/70"],
    ["last_banner=5; Path=/campaigns/7/"],
    [GOOD.setCookies[0]!, "last_banner=5; Path=/"],
    ["last_banner=6-5; Path=/campaigns/7"],
    ["last_banner=5-; Path=/campaigns/7"],
    ["last_banner=5-06; Path=/campaigns/7"],
    ["last_banner=5-1-2-3-4-6-7-8-9-10-11; Path=/campaigns/7"],
  ])
    finds(t, new Court().hear({ ...GOOD, setCookies }), { cookie: 1 });
  finds(t, new Court().hear({ ...GOOD, setCookies: ["a=b", "last_banner=5; HttpOnly; path=/campaigns/7"] }), {});
  t.end();
});

await t.test("A visitor sends back the cookie it got, and none of another path", (t) => {
  const court = new Court();
  t.equal(court.visitor.memoryOf(CAMPAIGN).cookie, "");
  court.hear({ ...GOOD, setCookies: ["last_banner=5; Path=/"] });
  t.equal(court.visitor.memoryOf(CAMPAIGN).cookie, "");
  court.hear(GOOD);
  t.equal(court.visitor.memoryOf(CAMPAIGN).cookie, "last_banner=5");
  t.equal(court.visitor.memoryOf(70).cookie, "");
  court.hear({ ...GOOD, setCookies: ["last_banner=5-8-9; Path=/campaigns/7"] });
  t.equal(court.visitor.memoryOf(CAMPAIGN).cookie, "last_banner=5-8-9", "a sequence whole");
  t.end();
});

await t.test("Another status than 200 is a failed request, whatever else the response says", (t) => {
  const court = new Court().hear({ ...GOOD, status: 500, contentType: "" }, { ...GOOD, status: 302 });
  finds(t, court, {}, { "status 500": 1, "status 302": 1 });
  t.equal(court.tally.complete, 2);
  t.end();
});

await t.test("A request without a response is failed, and not complete", (t) => {
  const court = new Court();
  court.clock.time = 40;
  court.judge.lost(court.visit(), "timed out");
  finds(t, court, {}, { "timed out": 1 });
  t.equal(court.tally.complete, 0);
  t.ok(court.tally.lastEnd >= 40);
  t.end();
});

await t.test("404 is right where the index has no such cell, and a failed request elsewhere", (t) => {
  const notFound = { ...GOOD, status: 404 };
  finds(t, new Court([cell(1, [5])]).hear(notFound), {}, { "status 404": 1 });
  finds(t, new Court([cell(2, [5])]).hear(notFound), {});
  finds(t, new Court([cell(2, [5])]).hear({ ...GOOD, status: 500 }), {}, { "status 500": 1 });
  finds(t, new Court().hear(notFound), {}, { "status 404": 1 });
  t.end();
});

await t.test("A banner must be of the collection, or of the pool where places are drawn from it", (t) => {
  finds(t, new Court([cell(1, [4, 6])]).hear(GOOD), { banner: 1 });
  finds(t, new Court([cell(2, [5, 6])]).hear(GOOD), { banner: 1 });
  finds(t, new Court([cell(1, [4], [1, 2, 3, 5, 6, 8], 4)]).hear(GOOD), {});
  t.end();
});

await t.test("An example says who got what, and what was expected", (t) => {
  const { tally } = new Court([cell(1, [4, 6])]).hear(GOOD);
  t.same(tally.violations.kinds["banner"]?.examples, [
    { campaign: CAMPAIGN, visitor: 1, got: "banner 5", expected: "one of 4, 6" },
  ]);
  t.end();
});

await t.test("The same banner twice in a row is against the rules where the collection has more", (t) => {
  finds(t, new Court([cell(1, [5, 6])]).hear(GOOD, GOOD, GOOD), { repeat: 2 });
  finds(t, new Court([cell(1, [5, 6])]).hear(GOOD, pageWith(6), GOOD), {});
  finds(t, new Court([cell(1, [5], [1, 2, 3, 4, 6], 4)]).hear(GOOD, GOOD), { repeat: 1 });
  t.end();
});

await t.test("The same banner twice in a row is right where the collection has no other", (t) => {
  finds(t, new Court([cell(1, [5])]).hear(GOOD, GOOD), {});
  t.end();
});

await t.test("A page that shows no banner ends a row, and so does a visitor of another number", (t) => {
  finds(t, new Court([cell(1, [5, 6])]).hear(GOOD, { ...GOOD, body: "" }, GOOD), { page: 1 });
  const court = new Court([cell(1, [5, 6])]).hear(GOOD);
  court.judge.responded({ ...court.visit(), visitor: new Visitor(2) }, judgedOf(GOOD));
  finds(t, court, {});
  t.end();
});

await t.test("At the change of a period, either collection is right, and both are forgotten a period later", (t) => {
  const court = new Court([cell(1, [5, 6]), cell(2, [8])]);
  const beforeChange = NOON + QUARTER_MS - 1;
  court.clock.origin = NOON + QUARTER_MS;
  court.judge.responded(court.visit(beforeChange), judgedOf(pageWith(5)));
  court.judge.responded(court.visit(beforeChange), judgedOf(pageWith(8)));
  finds(t, court, {});
  court.judge.responded(court.visit(beforeChange), judgedOf(pageWith(4)));
  finds(t, court, { banner: 1 });
  court.judge.responded(court.visit(), judgedOf(pageWith(5)));
  finds(t, court, { banner: 2 });
  t.end();
});

await t.test("At the change of a period, a repeat is right if either collection has no other banner", (t) => {
  const court = new Court([cell(1, [5, 6]), cell(2, [5])]);
  court.hear(GOOD);
  court.clock.origin = NOON + QUARTER_MS;
  court.judge.responded(court.visit(NOON + QUARTER_MS - 1), judgedOf(GOOD));
  finds(t, court, {});
  court.clock.origin = NOON + QUARTER_MS - 1;
  court.judge.responded(court.visit(), judgedOf(GOOD));
  finds(t, court, { repeat: 1 });
  t.end();
});

await t.test("At the change of a period, a page and a 404 are both right where the campaign comes or goes", (t) => {
  const court = new Court([cell(1, [5, 6])]);
  court.clock.origin = NOON + QUARTER_MS;
  court.judge.responded(court.visit(NOON + QUARTER_MS - 1), judgedOf(GOOD));
  court.judge.responded(court.visit(NOON + QUARTER_MS - 1), judgedOf({ ...GOOD, status: 404 }));
  finds(t, court, {});
  t.end();
});

await t.test(
  "Without an index, a repeat is against the rules once another banner was seen, before or after it",
  (t) => {
    const court = new Court().hear(GOOD, GOOD, pageWith(6));
    finds(t, court, { repeat: 1 });
    t.same(court.unjudged, {});
    finds(t, new Court().hear(GOOD, pageWith(6), pageWith(6)), { repeat: 1 });
    t.end();
  },
);

await t.test("Without an index, repeats of a campaign's only banner are told apart as not judged", (t) => {
  const court = new Court().hear(GOOD, GOOD, GOOD);
  finds(t, court, {});
  t.same(court.unjudged, { [CAMPAIGN]: 2 });
  t.end();
});
