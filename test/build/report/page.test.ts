import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import t from "tap";
import type { PageData, PageNames } from "../../../build/report/page-data.js";
import { MARKED_BYTES, markedGeneration } from "../../../src/view/report-file.js";
import { buildSample } from "../../src/built-sample.js";
import { inEveryPeriod, range, smallIndex } from "../../src/small-index.js";
import { contentsOf, NO_REJECTS, pageOf } from "./page-report.js";

const SMALL = smallIndex([{ period: 1, campaign: 7, converting: [1, 2] }]);

/** Of the remark that says this. */
const namesOf = ({ account }: PageData, said: string): PageNames | undefined =>
  account.remarks.find(({ text }) => text.includes(said))?.names;

await t.test("no name can end an element of the data, or be taken for a part of the page", async (t) => {
  const hostile = "</script><img src=x onerror=alert(1)><!-- $&$'";
  const file = { file: hostile, kind: "clicks", period: 1, bytes: 1, sha256: "ab", read: 7, used: 7 } as const;
  const more = {
    files: [{ ...file, rejected: NO_REJECTS, duplicate_of: hostile, unknown_columns: [hostile, "plain"] }],
    unread_files: [hostile],
    unreadable_images: [hostile],
    missing_kinds: [hostile],
  };
  const names = new Map([[7, { name: hostile, defaultBanner: 0 }]]);
  const texts = new Map([[1, { alt: hostile, link: `https://example.com/?${hostile}` }]]);
  const cells = [{ period: 1, campaign: 7, converting: [1, 2] }];
  const page = await pageOf(smallIndex(cells, 4, new Map(), texts, { campaigns: names }), more);
  t.notOk(page.includes("<img src=x"));
  const tags = (text: string): number => text.match(/<\/?[a-z!]/gi)!.length;
  t.equal(tags(page), tags(await pageOf(SMALL)), "no tag more than without them");
  const { data, campaigns } = contentsOf(page);
  t.equal(data.account.files[0]!.file, hostile, "and the names are as they were");
  t.same(namesOf(data, "file not read"), { count: 1, first: [hostile] });
  t.match(namesOf(data, "columns not read")?.first[0], hostile.slice(0, 100));
  t.equal(campaigns[0]![1], hostile);
  t.equal(data.banners[0]![1], hostile);
});

await t.test("names that are long, or many, are cut short, and counted", async (t) => {
  const page = await pageOf(SMALL, {
    unread_files: ["x".repeat(1e6), ...range(1, 5000).map(String)],
    banners_without_image: range(1, 5000),
    mixed_sizes: { count: 12, first: [{ campaign: 7, sizes: ["3 x 2", "300 x 37"] }] },
  });
  const { data } = contentsOf(page);
  t.same(namesOf(data, "different sizes"), { count: 12, first: ["7 (3 x 2, 300 x 37)"] });
  const unread = namesOf(data, "files not read")!;
  t.equal(unread.count, 5001);
  t.equal(unread.first.length, 20);
  t.equal(unread.first[0]!.length, 201);
  const without = namesOf(data, "banners without an image")!;
  t.same([without.count, without.first.length], [5000, 20]);
});

await t.test("the policy allows just the page's own script and style, and no address", async (t) => {
  const page = await pageOf(SMALL);
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const digests = (pattern: RegExp): string =>
    [...page.matchAll(pattern)]
      .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
      .join(" ");
  const scripts = digests(/<script>([^]*?)<\/script>/g);
  const styles = digests(/<style>([^]*?)<\/style>/g);
  t.equal(
    policy,
    `default-src 'none'; script-src ${scripts}; style-src ${styles}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  const markup = page.replaceAll(/(<(?:script|style)[^>]*>)[^]*?(?=<\/(?:script|style)>)/g, "$1");
  t.equal(markup.match(/<script>/g)!.length, 1);
  t.notMatch(markup, /<[^>]+ (?:src|href)="(?!#|data:)/);
  t.notMatch(markup, /<[^>]+ style=/);
  t.match(page, "Copyright (c) 2015-present Jason Miller", "the notice of the library stays with it");
});

await t.test("the generation is early in the page, and the currency is passed on", async (t) => {
  const page = await pageOf(SMALL, {}, { currency: "EUR" });
  const { settings, data } = contentsOf(page);
  t.equal(markedGeneration(page.slice(0, MARKED_BYTES)), data.overview.generation);
  t.same(settings, { currency: "EUR", server: null });
  t.same(contentsOf(await pageOf(SMALL)).settings, { currency: null, server: null });
});

await t.test("the same report and index give the same page", async (t) => {
  const cells = inEveryPeriod({ campaign: 7, converting: range(1, 12), clicked: [20], pool: [30] });
  t.equal(await pageOf(smallIndex(cells)), await pageOf(smallIndex([...cells].reverse())));
});

await t.test("the sample's page has at most 350 kB", async (t) => {
  const { reportPage } = await buildSample(t.testdir());
  const { length } = readFileSync(reportPage);
  t.ok(length > 100_000 && length <= 350_000, `${length} bytes`);
});
