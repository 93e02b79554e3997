import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t, { type Test } from "tap";
import { BadRows, BadRowsError } from "../../../build/read/data-error.js";
import { readBannerTexts, type BannerRow } from "../../../build/images/texts.js";
import { rejectedRows } from "../../../build/count/account.js";
import { RejectLog } from "../../../build/count/rejects.js";

const HEADER = "banner_id,alt,link";
const KNOWN = new Set([1, 2, 3, 4294967295]);

interface ReadTexts {
  /** By banner. */
  readonly texts: Readonly<Record<number, BannerRow>>;
  readonly read: number;
  readonly used: number;
  readonly rejected: number;
  readonly unknownColumns: readonly string[];
  /** The lines of `rejects.csv` behind the header row. */
  readonly rejects: readonly string[];
  /** As a build that stops at bad rows lists them, without the path. */
  readonly bad: readonly string[];
}

async function read(t: Test, text: string | Uint8Array): Promise<ReadTexts> {
  const folder = t.testdir();
  const path = join(folder, "banners.csv");
  const rejectsPath = join(folder, "rejects.csv");
  writeFileSync(path, text);
  const log = new RejectLog(rejectsPath);
  const badRows = new BadRows();
  const { texts, account } = await readBannerTexts(
    { path, name: "images/banners.csv" },
    KNOWN,
    "Europe/Berlin",
    badRows,
    log,
  ).finally(() => {
    log.close();
  });
  return {
    texts: Object.fromEntries(texts),
    read: account.read,
    used: account.used,
    rejected: rejectedRows(account),
    unknownColumns: account.unknownColumns,
    rejects: readFileSync(rejectsPath, "utf8").split("\n").slice(1, -1),
    bad: badLines(badRows).map((line) => line.replace(path, "banners.csv")),
  };
}

function badLines(badRows: BadRows): readonly string[] {
  try {
    badRows.requireNone();
    return [];
  } catch (error) {
    return (error as BadRowsError).rows;
  }
}

await t.test("texts and links are read by the names of their columns, quoted or not, in UTF-8", async (t) => {
  const { texts, ...rest } = await read(
    t,
    '\uFEFFnote,link,banner_id,alt\r\nx,https://example.com/?a=1&b=2,1,"Sale, ""now"" – 50 %"\r\n\r\ny,,2,  Größe 🌞  \r\n,http://example.org,4294967295,',
  );
  t.strictSame(texts, {
    1: { alt: 'Sale, "now" – 50 %', link: "https://example.com/?a=1&b=2" },
    2: { alt: "Größe 🌞", link: "" },
    4294967295: { alt: "", link: "http://example.org/" },
  });
  t.strictSame(rest, { read: 3, used: 3, rejected: 0, unknownColumns: ["note"], rejects: [], bad: [] });
});

await t.test("a link is an address of the web, and goes on as ASCII", async (t) => {
  const links: [given: string, taken: string][] = [
    ["HTTPS://Example.COM", "https://example.com/"],
    ["http://localhost:3000/a b".replace(" ", "%20"), "http://localhost:3000/a%20b"],
    ["https://müller.example/größe?q=ä#ö", "https://xn--mller-kva.example/gr%C3%B6%C3%9Fe?q=%C3%A4#%C3%B6"],
    ['https://example.com/"><script>', "https://example.com/%22%3E%3Cscript%3E"],
    ["https://[::1]:8080/", "https://[::1]:8080/"],
    [` https://example.com/${"a".repeat(1980)} `, `https://example.com/${"a".repeat(1980)}`],
  ];
  for (const [given, taken] of links) {
    const { texts } = await read(t, `${HEADER}\n1,,"${given.replaceAll('"', '""')}"\n`);
    t.equal(texts[1]?.link, taken, given);
  }
});

await t.test(
  "what is no text, no link or no id is a bad row, with its line, its value and what was expected",
  async (t) => {
    const LINK = "expected an http or https address, without a user name, of at most 2000 characters";
    const bad: [row: string, reason: string][] = [
      ["0,a,", 'banner_id is "0", expected a whole number from 1 to 4294967295 without leading zeros'],
      ["1,a,javascript:alert(1)", `link is "javascript:alert(1)", ${LINK}`],
      ["1,a,data:text/html;x", `link is "data:text/html;x", ${LINK}`],
      ["1,a,//example.com", `link is "//example.com", ${LINK}`],
      ["1,a,/path", `link is "/path", ${LINK}`],
      ["1,a,www.example.com", `link is "www.example.com", ${LINK}`],
      ["1,a,https://", `link is "https://", ${LINK}`],
      ["1,a,https:example.com", `link is "https:example.com", ${LINK}`],
      ["1,a,https://user@example.com/", `link is "https://user@example.com/", ${LINK}`],
      ["1,a,https://:secret@example.com/", `link is "https://:secret@example.com/", ${LINK}`],
      ["1,a,https://example.com/a b", `link is "https://example.com/a b", ${LINK}`],
      ["1,a,https://example.com/\ta", `link is "https://example.com/\\ta", ${LINK}`],
      ["1,a,https://exa mple.com/", `link is "https://exa mple.com/", ${LINK}`],
      ["1,a,ftp://example.com/", `link is "ftp://example.com/", ${LINK}`],
      [`1,a,https://example.com/${"a".repeat(1981)}`, `link is "https://example.com/${"a".repeat(20)}…", ${LINK}`],
      ["1,a\u0000b,", 'alt "a\\u0000b" has a line break or another control character, expected one line of text'],
      ["1,a\tb,", 'alt "a\\tb" has a line break or another control character, expected one line of text'],
      ["1,a\uFFFDb,", 'alt "a\uFFFDb" is not UTF-8 text: save the file as UTF-8'],
      [`1,${"a".repeat(1001)},`, `alt "${"a".repeat(40)}…" has 1001 characters, expected at most 1000`],
      ["1,a", "2 field(s), expected 3 as in the header row"],
    ];
    for (const [row, reason] of bad) {
      const result = await read(t, `${HEADER}\n2,b,\n${row}\n3,c,\n`);
      t.strictSame(result.bad, [`banners.csv:3: ${reason}`]);
      t.strictSame(
        { ...result, rejects: result.rejects.length },
        {
          texts: { 2: { alt: "b", link: "" }, 3: { alt: "c", link: "" } },
          read: 3,
          used: 2,
          rejected: 1,
          unknownColumns: [],
          rejects: 1,
          bad: result.bad,
        },
      );
      t.match(result.rejects[0], /^images\/banners\.csv,3,malformed,/);
    }
    const { texts } = await read(t, `${HEADER}\n1,${"é".repeat(1000)},\n`);
    t.equal(texts[1]?.alt.length, 1000);
  },
);

await t.test("a file that is not UTF-8 is told so", async (t) => {
  const { bad } = await read(t, Buffer.from(`${HEADER}\n1,Größe,\n`, "latin1"));
  t.strictSame(bad, ['banners.csv:2: alt "Gr��e" is not UTF-8 text: save the file as UTF-8']);
});

await t.test("a quote that is not closed costs its own line, and takes no banner's text with it", async (t) => {
  const { texts, read: rows, used, bad } = await read(t, `${HEADER}\n1,"Sale,\n2,b,\n3,"c",https://example.com/\n`);
  t.strictSame(texts, { 2: { alt: "b", link: "" }, 3: { alt: "c", link: "https://example.com/" } });
  t.strictSame([rows, used, bad.length], [3, 2, 1]);
  t.match(bad[0], /^banners\.csv:2: /);
});

await t.test(
  "the first text of a banner counts; one that comes again is told with the place of the first",
  async (t) => {
    const { texts, rejects, bad } = await read(
      t,
      `${HEADER}\n1,a,https://example.com\n1,"a",https://example.com/\n\n1,b,https://example.com\n1,a,\n9,x,\n`,
    );
    t.strictSame(texts, { 1: { alt: "a", link: "https://example.com/" } });
    t.strictSame(rejects, [
      "images/banners.csv,3,duplicate,banner_id 1 came before with the same content,images/banners.csv,2",
      "images/banners.csv,5,conflict,banner_id 1 came before with other content,images/banners.csv,2",
      "images/banners.csv,6,conflict,banner_id 1 came before with other content,images/banners.csv,2",
      "images/banners.csv,7,orphan,banner_id 9 is in no cell and has no image,,",
    ]);
    t.strictSame(bad, [], "which stops no build");
  },
);

await t.test("a banner may have a status and a time, and a row that has them is its only one", async (t) => {
  const { texts, rejects, bad } = await read(
    t,
    "until,banner_id,alt,link,from,status\n" +
      "2026-12-01,1,a,,,OFF\n2026-11-30T23:00Z,1,a,,,off\n,2,b,,2026-12-01T10:15:00-01:00,on\n,2,b,,,\n,3,,,,paused\n",
  );
  t.strictSame(texts, {
    1: { alt: "a", link: "", isOff: true, until: Date.parse("2026-11-30T23:00:00Z") },
    2: { alt: "b", link: "", from: Date.parse("2026-12-01T11:15:00Z") },
  });
  t.strictSame(
    rejects.map((row) => row.split(",").slice(1, 3).join(" ")),
    ["3 duplicate", "5 conflict", "6 malformed"],
  );
  t.strictSame(bad, ['banners.csv:6: status is "paused", expected on or off']);
});

await t.test("a header row without one of the columns is no header row", async (t) => {
  await t.rejects(read(t, "banner_id,alt\n1,a\n"), {
    name: "DataError",
    message:
      /banners\.csv:1: column link is missing: expected a header row with banner_id, alt, link, got "banner_id,alt"$/,
  });
  await t.rejects(read(t, ""), { message: /banners\.csv:1: the file is empty: a header row is required$/ });
});

await t.test("whatever is written into the file comes out as it is, or is rejected", async (t) => {
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc
      .array(fc.constantFrom('"', ",", "<", "&", "\n", "\r\n", "\t", "é", "😀", "a b", "https://a.example/"), {
        maxLength: 8,
      })
      .map((parts) => parts.join("")),
  );
  const link = fc.oneof(fc.constant(""), fc.webUrl({ withQueryParameters: true, withFragments: true }), text);
  const row = fc.record({ banner: fc.constantFrom(1, 2, 3, 9), alt: text, link });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 6 }), async (rows) => {
      const lines = rows.map(({ banner, alt, link }) => `${banner},${quoted(alt)},${quoted(link)}`);
      const result = await read(t, [HEADER, ...lines, ""].join("\n"));
      assert.equal(result.read, result.used + result.rejected);
      assert.equal(result.rejects.length >= result.rejected, true);
      assert.equal(Object.keys(result.texts).length, result.used);
      for (const [banner, { alt, link }] of Object.entries(result.texts)) {
        const written = rows.filter((row) => String(row.banner) === banner);
        const isAsWritten = written.some(
          (row) =>
            row.alt.trim() === alt && (link === "" ? row.link.trim() === "" : new URL(row.link.trim()).href === link),
        );
        assert.ok(isAsWritten, `${banner}: ${alt} ${link}`);
      }
      // A first row that is good is never lost.
      const good = rows.find(({ banner }) => banner !== 9);
      if (good !== undefined && !/\p{Cc}|\uFFFD/u.test(good.alt.trim() + good.link) && good.link === "")
        assert.ok(result.texts[good.banner] !== undefined || rows.indexOf(good) > 0);
    }),
    { numRuns: 300, seed: 20261123 },
  );
});
