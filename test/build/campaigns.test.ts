import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { readCampaigns, type Campaign } from "../../build/campaigns.js";
import { RejectLog } from "../../build/count/rejects.js";
import { BadRows, BadRowsError } from "../../build/read/data-error.js";

interface Read {
  readonly campaigns: Readonly<Record<number, Campaign>>;
  readonly counts: readonly number[];
  readonly unknownColumns: readonly string[];
  readonly rejects: readonly string[];
  readonly bad: readonly string[];
}

/** Where campaigns 1, 2 and 3 have events. */
async function read(t: Test, text: string | Uint8Array): Promise<Read> {
  const folder = t.testdir();
  const path = join(folder, "campaigns.csv");
  writeFileSync(path, text);
  const log = new RejectLog(join(folder, "rejects.csv"));
  const badRows = new BadRows();
  const known = new Set([1, 2, 3]);
  const { campaigns, account } = await readCampaigns({ path, name: "campaigns.csv" }, known, badRows, log).finally(
    () => {
      log.close();
    },
  );
  let bad: readonly string[] = [];
  try {
    badRows.requireNone();
  } catch (error) {
    bad = (error as BadRowsError).rows.map((row) => row.replace(path, "campaigns.csv"));
  }
  const { malformed, duplicate, conflict, orphan } = account.rejected;
  return {
    campaigns: Object.fromEntries(campaigns),
    counts: [account.read, account.used, malformed, duplicate, conflict, orphan],
    unknownColumns: account.unknownColumns,
    rejects: readFileSync(join(folder, "rejects.csv"), "utf8").split("\n").slice(1, -1),
    bad,
  };
}

await t.test("names and default banners are read by the names of their columns, in any order", async (t) => {
  const { campaigns, ...rest } = await read(
    t,
    '\uFEFFname,owner,default_banner,campaign_id\r\n"Größe, ""Sommer"" 🌞",x,4294967295,1\r\n  <b>Two</b>  ,,,2\r\n,,7,9\r\n',
  );
  t.strictSame(campaigns, {
    1: { name: 'Größe, "Sommer" 🌞', defaultBanner: 4294967295 },
    2: { name: "<b>Two</b>", defaultBanner: 0 },
    9: { name: "", defaultBanner: 7 },
  });
  t.strictSame(rest, { counts: [3, 3, 0, 0, 0, 0], unknownColumns: ["owner"], rejects: [], bad: [] });
});

await t.test("a file may have names alone, or default banners alone", async (t) => {
  t.strictSame((await read(t, "campaign_id,name\n1,One\n")).campaigns, { 1: { name: "One", defaultBanner: 0 } });
  t.strictSame((await read(t, "default_banner,campaign_id\n5,1\n")).campaigns, { 1: { name: "", defaultBanner: 5 } });
  await t.rejects(read(t, "id,name\n1,One\n"), {
    message: /campaigns\.csv:1: column campaign_id is missing: expected a header row with campaign_id, got "id,name"$/,
  });
});

await t.test("the first row of a campaign counts, and later ones say where it stands", async (t) => {
  const { campaigns, counts, rejects, bad } = await read(
    t,
    "campaign_id,name,default_banner\n1,One,\n1,One,\n1,Other,\n1,One,5\n8,In no event,\n8,Now with a default,5\n8,In no event,\n",
  );
  t.strictSame(Object.keys(campaigns), ["1", "8"]);
  t.strictSame(campaigns[8], { name: "Now with a default", defaultBanner: 5 });
  t.strictSame(counts, [7, 2, 0, 1, 3, 1]);
  t.strictSame(rejects, [
    "campaigns.csv,3,duplicate,campaign_id 1 came before with the same content,campaigns.csv,2",
    "campaigns.csv,4,conflict,campaign_id 1 came before with other content,campaigns.csv,2",
    "campaigns.csv,5,conflict,campaign_id 1 came before with other content,campaigns.csv,2",
    "campaigns.csv,6,orphan,campaign_id 8 is in no event and has no default_banner,,",
    "campaigns.csv,8,conflict,campaign_id 8 came before with other content,campaigns.csv,7",
  ]);
  t.strictSame(bad, [], "which stops no build");
});

await t.test("what is no id or no name is a bad row, with its line, its value and what was expected", async (t) => {
  const ID = "expected a whole number from 1 to 4294967295 without leading zeros";
  for (const [row, reason] of [
    ["0,a,", `campaign_id is "0", ${ID}`],
    ["1,a,05", `default_banner is "05", ${ID}`],
    ["1,a,none", `default_banner is "none", ${ID}`],
    ["1,a\u0000b,", 'name "a\\u0000b" has a line break or another control character, expected one line of text'],
    [`1,${"a".repeat(201)},`, `name "${"a".repeat(40)}…" has 201 characters, expected at most 200`],
    ["1,a", "2 field(s), expected 3 as in the header row"],
  ] as const) {
    const { bad, counts } = await read(t, `campaign_id,name,default_banner\n2,b,\n${row}\n`);
    t.strictSame(bad, [`campaigns.csv:3: ${reason}`]);
    t.strictSame(counts, [2, 1, 1, 0, 0, 0]);
  }
  const { bad } = await read(t, Buffer.from("campaign_id,name\n1,Größe\n", "latin1"));
  t.strictSame(bad, ['campaigns.csv:2: name "Gr\uFFFD\uFFFDe" is not UTF-8 text: save the file as UTF-8']);
});
