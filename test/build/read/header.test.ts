import t, { type Test } from "tap";
import { EVENT_ROWS } from "../../../build/read/event-rows.js";
import { findHeader, type ColumnName, type Header } from "../../../build/read/header.js";
import { readText } from "./recorded-rows.js";

function clicksHeader(text: string, names?: readonly ColumnName[]): Header {
  const found = findHeader("clicks.csv", EVENT_ROWS.clicks, names, Buffer.from(text), true);
  if (found === undefined) throw new Error("there is no header row");
  return found.header;
}

await t.test("the header row tells the delimiter, outside of quotes", (t) => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const header = (...names: string[]): Header => clicksHeader(`${names.join(delimiter)}\n1`);
    t.match(header("click_id", "banner_id", "campaign_id"), { delimiter, width: 3, columns: [0, 1, 2] });
    t.match(header('"campaign_id"', '"a, b; c | d\te"', "click_id", "banner_id"), { delimiter, columns: [2, 3, 0] });
    // The columns decide, not the number of each.
    t.match(header("click_id", "a,b;c|d\te,,;;||\t\t".replaceAll(delimiter, ""), "banner_id", "campaign_id"), {
      delimiter,
      width: 4,
    });
  }
  for (const delimiter of [";", "\t", "|"])
    t.match(clicksHeader(`click_id;banner_id;campaign_id;a,b,c,d,e`.replaceAll(";", delimiter)), {
      delimiter,
      width: 4,
    });
  // The tabs are blanks.
  t.match(clicksHeader("note,\tclick_id\t,banner_id,\tcampaign_id\t,x"), { delimiter: ",", width: 5 });
  t.match(clicksHeader("note\t,\tclick_id\t,\tbanner_id\t,\tcampaign_id\t"), { delimiter: ",", width: 4 });
  t.end();
});

await t.test("a line sep= before the header row is heeded, and is a line", (t) => {
  const names = ["click_id", "banner_id", "campaign_id"];
  for (const [line, delimiter] of [
    ["sep=;", ";"],
    ['"sep=,"', ","],
    ["SEP=\t", "\t"],
    ["sep=|\r", "|"],
    ["\nsep=:", ":"],
    ["sep=^", "^"],
  ] as const)
    t.match(clicksHeader(`${line}\n${names.join(delimiter)}\n`), {
      delimiter,
      nextLine: line.startsWith("\n") ? 4 : 3,
    });
  t.throws(() => clicksHeader(`sep=;\n${names.join(",")}\n`), /^clicks\.csv:2: column click_id is missing/);
  t.throws(() => clicksHeader(`sep=1\n${names.join("1")}\n`), /^clicks\.csv:1: column click_id is missing/);
  t.end();
});

await t.test("rows behind sep= are read at their lines, in a delimiter of its own too", async (t) => {
  const text = "sep=:\nclick_id:banner_id:campaign_id\n1:2:3\n::\n4: 5 :6\n7:8:x\n";
  t.strictSame((await readText(t, "clicks", text)).rows, [
    "3: click 1 on 2 in 3",
    "5: click 4 on 5 in 6",
    '6: malformed: campaign_id is "x", expected a whole number from 1 to 4294967295 without leading zeros',
  ]);
});

await t.test("case, blanks, hyphens and underscores do not matter in the names of columns", (t) => {
  for (const row of [
    "CLICK_ID,Banner Id,campaign-id",
    "clickId,BannerID,Campaign Id",
    " Click  ID ,banner_Id,campaignid",
  ])
    t.strictSame(clicksHeader(row).columns, [0, 1, 2], row);
  // The same letters count before others.
  t.match(clicksHeader("Click_id,click_id,banner_id,campaign_id"), { columns: [1, 2, 3], unknown: ["Click_id"] });
  t.throws(() => clicksHeader("Click_id,CLICK_ID,banner_id,campaign_id"), /column click_id is more than once/);
  t.end();
});

await t.test("a column without a name is none of those that are told as not read", (t) => {
  t.match(clicksHeader("click_id,banner_id,,campaign_id,x,"), { width: 6, columns: [0, 1, 3], unknown: ["x"] });
  t.end();
});

await t.test("a name of theirs counts where ours is not there", (t) => {
  const names = [
    { ours: "click_id", theirs: "gclid" },
    { ours: "click_id", theirs: "Event Id" },
    { ours: "campaign_id", theirs: "line item" },
  ];
  t.strictSame(clicksHeader("banner_id,LINE_ITEM,GCLID", names).columns, [2, 0, 1]);
  t.strictSame(
    clicksHeader("event_id,banner_id,line-item", names).columns,
    [0, 1, 2],
    "the second where not the first",
  );
  t.match(clicksHeader("gclid,click_id,banner_id,campaign_id", names), { columns: [1, 2, 3], unknown: ["gclid"] });
  t.throws(() => clicksHeader("click,banner_id,campaign_id", names), {
    message:
      'clicks.csv:1: column click_id is missing and no "gclid" and no "Event Id": expected a header row with ' +
      'click_id, banner_id, campaign_id, got "click,banner_id,campaign_id": name the one that it is with --column click_id=NAME',
  });
  t.end();
});

await t.test("a header row that mixes delimiters is refused with what to do", (t) => {
  t.throws(() => clicksHeader("click_id;banner_id,campaign_id\n"), {
    message:
      "clicks.csv:1: column click_id is missing: expected a header row with click_id, banner_id, campaign_id, " +
      'got "click_id;banner_id,campaign_id": separated by semicolons is fine, but this file mixes commas and semicolons: ' +
      "write it with one of them",
  });
  t.end();
});

async function rowsOf(t: Test, text: string): Promise<readonly string[]> {
  return (await readText(t, "clicks", text)).rows;
}

await t.test("rows of nothing but delimiters and blanks are empty lines, before the header row too", async (t) => {
  t.strictSame(await rowsOf(t, ";;\n \t\nclick_id;banner_id;campaign_id\n;;\n\t; ;\n;;;;;\n \n1;2;3\n;;\r\n"), [
    "8: click 1 on 2 in 3",
  ]);
  const tabs = "click_id\tbanner_id\tcampaign_id\n\t\t\n \n1\t2\t3\n;;\n";
  t.strictSame(await rowsOf(t, tabs), [
    "4: click 1 on 2 in 3",
    "5: malformed: 1 field(s), expected 3 as in the header row: separated by semicolons is fine, " +
      "but this file mixes tabs and semicolons: write it with one of them",
  ]);
});

await t.test("quotes and line breaks in quotes are read alike with each delimiter", async (t) => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    const text =
      'note,click_id,banner_id,campaign_id\n"a ""b"",\nc", 1 , "2" ,3\n,"4,5,6\n"x,y",7,8,9\n  "d\ne" ,10,11,12\n';
    t.strictSame(
      await rowsOf(t, text.replaceAll(",", delimiter)),
      [
        "2: click 1 on 2 in 3",
        `4: malformed: 6 field(s), expected 4 as in the header row; a quote that opens here closes 1 line(s) below`,
        "5: click 7 on 8 in 9",
        "6: click 10 on 11 in 12",
      ],
      delimiter,
    );
  }
});
