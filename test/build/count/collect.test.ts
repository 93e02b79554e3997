import { readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { BadRows, BadRowsError, type OnBadRow } from "../../../build/read/data-error.js";
import { collectEvents } from "../../../build/count/collect.js";
import { InlineReader, type EventReader } from "../../../build/read/event-reader.js";
import { rejectedRows } from "../../../build/count/account.js";
import { RejectLog } from "../../../build/count/rejects.js";
import { clicksCsv, conversionsCsv, dataFolder, impressionsCsv } from "../data-folder.js";
import { findEventFiles } from "../read/event-files.js";

interface Collected {
  /** `7 in 1: 371 2/1/1 2500000`: campaign, period, then each banner's impressions/clicks/conversions and revenue. */
  readonly cells: readonly string[];
  /** `1/clicks_1.csv: 3 = 2 + 1`: read, used, rejected. */
  readonly accounts: readonly string[];
  /** The lines of `rejects.csv` behind the header row. */
  readonly rejects: readonly string[];
}

async function collect(
  t: Test,
  data: Record<string, Record<string, string>>,
  onBadRow: OnBadRow = "stop",
): Promise<Collected> {
  const folder = t.testdir({ data, out: {} });
  const rejectsPath = join(folder, "out", "rejects.csv");
  const log = new RejectLog(rejectsPath);
  const found = await findEventFiles(join(folder, "data"));
  const reader: EventReader = new InlineReader();
  const badRows = new BadRows();
  const { counts, accounts } = await collectEvents({ ...found, reader }, badRows, log).finally(() => {
    log.close();
  });
  if (onBadRow === "stop") badRows.requireNone();
  return {
    cells: [...counts.cells()].map(
      ({ campaign, period, banners }) =>
        `${campaign} in ${period}: ` +
        banners
          .map((each) => `${each.banner} ${each.impressions}/${each.clicks}/${each.conversions} ${each.revenue}`)
          .sort()
          .join(", "),
    ),
    accounts: accounts.map((each) => `${each.file.name}: ${each.read} = ${each.used} + ${rejectedRows(each)}`),
    rejects: readFileSync(rejectsPath, "utf8").split("\n").slice(1, -1),
  };
}

await t.test("impressions of the same pair are views, each of which counts", async (t) => {
  t.strictSame(await collect(t, dataFolder({ impressions: ["371,7", "371,7", "371,7"] })), {
    cells: ["7 in 1: 371 3/0/0 0"],
    accounts: ["1/impressions_1.csv: 3 = 3 + 0"],
    rejects: [],
  });
});

await t.test("a click that comes again is a duplicate, with the place of the first", async (t) => {
  const data = {
    1: { "clicks_1.csv": clicksCsv("1,371,7", "2,371,7", "1,371,7"), "clicks_2.csv": clicksCsv("2,371,7") },
  };
  t.strictSame(await collect(t, data), {
    cells: ["7 in 1: 371 0/2/0 0"],
    accounts: ["1/clicks_1.csv: 3 = 2 + 1", "1/clicks_2.csv: 1 = 0 + 1"],
    rejects: [
      "1/clicks_1.csv,4,duplicate,click_id 1 came before with the same content,1/clicks_1.csv,2",
      "1/clicks_2.csv,2,duplicate,click_id 2 came before with the same content,1/clicks_1.csv,3",
    ],
  });
});

await t.test("a click that comes again with another banner, campaign or period is a conflict", async (t) => {
  const data = dataFolder({ clicks: ["1,371,7", "1,372,7", "1,371,8"] }, { clicks: ["1,371,7"] });
  t.strictSame(await collect(t, data), {
    cells: ["7 in 1: 371 0/1/0 0"],
    accounts: ["1/clicks_1.csv: 3 = 1 + 2", "2/clicks_1.csv: 1 = 0 + 1"],
    rejects: [
      "1/clicks_1.csv,3,conflict,click_id 1 came before with other content,1/clicks_1.csv,2",
      "1/clicks_1.csv,4,conflict,click_id 1 came before with other content,1/clicks_1.csv,2",
      "2/clicks_1.csv,2,conflict,click_id 1 came before with other content,1/clicks_1.csv,2",
    ],
  });
});

await t.test("rejects stand in the order of their lines, whatever is wrong with each", async (t) => {
  const data = dataFolder({
    clicks: ["3,0,1", "1,1,1", "4,0,1", "1,1,1", "2,1,1", "5,0,1", "1,2,1", "6,0,1"],
    conversions: ["3,1,x", "9,1,1", "4,1,x", "9,1,1", "8,7,1", "5,1,x"],
  });
  const { rejects } = await collect(t, data, "reject");
  t.strictSame(
    rejects.map((line) => line.split(",").slice(0, 3).join(" ")),
    [
      ...["2 malformed", "4 malformed", "5 duplicate", "7 malformed", "8 conflict", "9 malformed"].map(
        (end) => `1/clicks_1.csv ${end}`,
      ),
      ...["2 malformed", "4 malformed", "5 duplicate", "6 orphan", "7 malformed"].map(
        (end) => `1/conversions_1.csv ${end}`,
      ),
    ],
  );
});

await t.test("a conversion that comes again is a duplicate, or a conflict where it says another thing", async (t) => {
  const data = dataFolder({
    clicks: ["1,371,7", "2,371,7"],
    conversions: ["9,1,2.5", "9,1,2.500000", "9,2,2.5", "9,1,-2.5"],
  });
  t.strictSame(await collect(t, data), {
    cells: ["7 in 1: 371 0/2/1 2500000"],
    accounts: ["1/clicks_1.csv: 2 = 2 + 0", "1/conversions_1.csv: 4 = 1 + 3"],
    rejects: [
      "1/conversions_1.csv,3,duplicate,conversion_id 9 came before with the same content,1/conversions_1.csv,2",
      "1/conversions_1.csv,4,conflict,conversion_id 9 came before with other content,1/conversions_1.csv,2",
      "1/conversions_1.csv,5,conflict,conversion_id 9 came before with other content,1/conversions_1.csv,2",
    ],
  });
});

await t.test("an orphan is rejected, and does not keep its id from a conversion that counts", async (t) => {
  const data = dataFolder({ clicks: ["1,371,7"], conversions: ["9,404,1", "9,1,2", "9,404,1", "10,404,x"] });
  t.strictSame(await collect(t, data, "reject"), {
    cells: ["7 in 1: 371 0/1/1 2000000"],
    accounts: ["1/clicks_1.csv: 1 = 1 + 0", "1/conversions_1.csv: 4 = 1 + 3"],
    rejects: [
      "1/conversions_1.csv,2,orphan,click_id 404 is in no clicks file,,",
      "1/conversions_1.csv,4,orphan,click_id 404 is in no clicks file,,",
      '1/conversions_1.csv,5,malformed,"revenue is ""x"", expected a decimal number of at most six decimals",,',
    ],
  });
});

await t.test("a conversion counts in the cell of its click, whichever period's file brought either", async (t) => {
  const data = dataFolder(
    { impressions: ["371,7"], conversions: ["8,2,0.25"] },
    { clicks: ["1,371,7", "2,371,7"] },
    { impressions: ["371,7", "371,7"], conversions: ["9,1,2"] },
  );
  const { cells, rejects } = await collect(t, data);
  t.strictSame(cells, ["7 in 1: 371 1/0/0 0", "7 in 2: 371 0/2/2 2250000", "7 in 3: 371 2/0/0 0"]);
  t.strictSame(rejects, []);
});

await t.test("several conversions of one click count that click once", async (t) => {
  const data = dataFolder({ clicks: ["1,371,7"], conversions: ["1,1,2", "2,1,3", "3,1,-1.5"] });
  t.strictSame((await collect(t, data)).cells, ["7 in 1: 371 0/1/3 3500000"]);
});

await t.test("ids of clicks, conversions, banners and campaigns are each their own", async (t) => {
  const data = dataFolder({ impressions: ["1,1"], clicks: ["1,1,1", "2,1,1"], conversions: ["1,2,1", "2,1,1"] });
  const { cells, rejects } = await collect(t, data);
  t.strictSame(cells, ["1 in 1: 1 1/2/2 2000000"]);
  t.strictSame(rejects, []);
});

await t.test(
  "a file with the bytes of an earlier one is rejected as one: views in their period, clicks in all",
  async (t) => {
    const text = impressionsCsv("371,7", "372,7");
    const clicks = clicksCsv("1,371,7", "2,372,7");
    const data = {
      1: { "impressions_1.csv": text, "impressions_2.csv": text, "clicks_1.csv": clicks },
      2: { "impressions_1.csv": text, "impressions_2.csv": impressionsCsv("372,7", "371,7"), "clicks_1.csv": clicks },
    };
    t.strictSame(await collect(t, data), {
      cells: ["7 in 1: 371 1/1/0 0, 372 1/1/0 0", "7 in 2: 371 2/0/0 0, 372 2/0/0 0"],
      accounts: [
        "1/impressions_1.csv: 2 = 2 + 0",
        "1/impressions_2.csv: 2 = 0 + 2",
        "2/impressions_1.csv: 2 = 2 + 0",
        "2/impressions_2.csv: 2 = 2 + 0",
        "1/clicks_1.csv: 2 = 2 + 0",
        "2/clicks_1.csv: 2 = 0 + 2",
      ],
      rejects: [
        "2/clicks_1.csv,,duplicate file,all 2 row(s): the file has the same bytes as 1/clicks_1.csv,1/clicks_1.csv,",
        "1/impressions_2.csv,,duplicate file,all 2 row(s): the file has the same bytes as 1/impressions_1.csv,1/impressions_1.csv,",
      ],
    });
  },
);

await t.test("the account of a duplicate file has its columns and its bad rows too", async (t) => {
  const text = "banner_id,campaign_id,note\n371,7,x\n0,7,x\n";
  const folder = t.testdir({ data: { 1: { "impressions_1.csv": text, "impressions_2.csv": text } } });
  const log = new RejectLog(join(folder, "rejects.csv"));
  const { accounts } = await collectEvents(
    { ...(await findEventFiles(join(folder, "data"))), reader: new InlineReader() },
    new BadRows(),
    log,
  );
  log.close();
  const none = { malformed: 0, duplicate: 0, conflict: 0, orphan: 0, "duplicate file": 0 };
  t.strictSame(
    accounts.map(({ read, used, rejected, unknownColumns }) => ({ read, used, rejected, unknownColumns })),
    [
      { read: 2, used: 1, rejected: { ...none, malformed: 1 }, unknownColumns: ["note"] },
      { read: 2, used: 0, rejected: { ...none, "duplicate file": 2 }, unknownColumns: ["note"] },
    ],
  );
});

await t.test("bad rows are set aside where that is asked for, and the others count", async (t) => {
  const data = dataFolder({ clicks: ["1,371,7", "2,371", '"3,371,7', "4,371,7"], conversions: ["1,1,x", "2,4,1"] });
  t.strictSame(await collect(t, data, "reject"), {
    cells: ["7 in 1: 371 0/2/1 1000000"],
    accounts: ["1/clicks_1.csv: 4 = 2 + 2", "1/conversions_1.csv: 2 = 1 + 1"],
    rejects: [
      '1/clicks_1.csv,3,malformed,"2 field(s), expected 3 as in the header row",,',
      "1/clicks_1.csv,4,malformed,a quote that opens here is not closed,,",
      '1/conversions_1.csv,2,malformed,"revenue is ""x"", expected a decimal number of at most six decimals",,',
    ],
  });
});

await t.test(
  "otherwise they stop the build once all files are read, and those of one file that are alike are told once",
  async (t) => {
    const bad = Array.from({ length: 15 }, () => "0,7");
    const data = dataFolder({ impressions: bad }, { impressions: ["371,7", ...bad] });
    const error: unknown = await collect(t, data).catch((error: unknown) => error);
    if (!(error instanceof BadRowsError)) throw new Error("nothing was refused", { cause: error });
    const folder = join(t.testdirName, "data");
    const reason = 'banner_id is "0", expected a whole number from 1 to 4294967295 without leading zeros';
    t.strictSame(error.rows, [
      `${join(folder, "1", "impressions_1.csv")}:2: ${reason} (all 15 rows)`,
      `${join(folder, "2", "impressions_1.csv")}:3: ${reason} (15 of 16 rows: also in 4, 5, 6, …)`,
    ]);
    t.equal(error.count, 30);
    t.equal(
      error.message,
      "30 malformed row(s), nothing is published: correct them, or reject them with --on-bad-row reject",
    );
  },
);

await t.test("duplicates, conflicts and orphans stop nothing", async (t) => {
  const { rejects } = await collect(t, {
    1: {
      "clicks_1.csv": clicksCsv("1,1,1", "1,1,1", "1,2,1"),
      "conversions_1.csv": conversionsCsv("1,9,1"),
      "conversions_2.csv": conversionsCsv("1,9,1"),
    },
  });
  t.strictSame(
    rejects.map((line) => line.split(",")[2]),
    ["duplicate", "conflict", "orphan", "duplicate file"],
  );
});

await t.test("ids may be any text, which differs from a number that looks alike", async (t) => {
  const data = dataFolder({
    clicks: ["7,371,7", "007,371,7", "4294967296,371,7", "f0e1,371,7", "f0e1,371,7", "7,371,7", "007,372,7"],
    conversions: ["c-1,007,1", "c-1,7,1", "c-1,007,1", "1,f0e1,2", "c-2,f0e2,4", "c-3,8,8"],
  });
  t.strictSame(await collect(t, data), {
    cells: ["7 in 1: 371 0/4/2 3000000"],
    accounts: ["1/clicks_1.csv: 7 = 4 + 3", "1/conversions_1.csv: 6 = 2 + 4"],
    rejects: [
      "1/clicks_1.csv,6,duplicate,its click_id came before with the same content,1/clicks_1.csv,5",
      "1/clicks_1.csv,7,duplicate,click_id 7 came before with the same content,1/clicks_1.csv,2",
      "1/clicks_1.csv,8,conflict,its click_id came before with other content,1/clicks_1.csv,3",
      "1/conversions_1.csv,3,conflict,its conversion_id came before with other content,1/conversions_1.csv,2",
      "1/conversions_1.csv,4,duplicate,its conversion_id came before with the same content,1/conversions_1.csv,2",
      "1/conversions_1.csv,6,orphan,its click_id is in no clicks file,,",
      "1/conversions_1.csv,7,orphan,click_id 8 is in no clicks file,,",
    ],
  });
});

await t.test("a text is the same id however its row is written", async (t) => {
  const header = "click_id,banner_id,campaign_id,note\n";
  const rows = [
    "f0 e1,371,7,",
    '"f0 e1",371,7,',
    ' " f0 e1 " ,371,7,',
    'f0 e1,371,7,"a ""note"""',
    "é,371,7,",
    '"é",371,7,',
  ];
  const { accounts } = await collect(t, { 1: { "clicks_1.csv": header + rows.map((row) => `${row}\n`).join("") } });
  t.strictSame(accounts, ["1/clicks_1.csv: 6 = 2 + 4"]);
});

await t.test("what is no id is malformed", async (t) => {
  const ids = ["", "a\tb", "\u001b[m", "\u0085", "x".repeat(129), "é".repeat(65)];
  const { rejects, accounts } = await collect(t, dataFolder({ clicks: ids.map((id) => `"${id}",371,7`) }), "reject");
  t.strictSame(accounts, ["1/clicks_1.csv: 6 = 0 + 6"]);
  for (const reject of rejects) t.match(reject, "expected 1 to 128 bytes of UTF-8 without control characters");
  const invalid = Buffer.from("click_id,banner_id,campaign_id\n\xff1,371,7\n\xfe1,371,7\n", "latin1");
  const data = { 1: { "clicks_1.csv": invalid } } as unknown as Record<string, Record<string, string>>;
  t.strictSame((await collect(t, data, "reject")).accounts, ["1/clicks_1.csv: 2 = 0 + 2"], "two that are not UTF-8");
});

await t.test("a column count says how many views a row is", async (t) => {
  const header = "count,banner_id,campaign_id\n";
  const data = {
    1: { "impressions_1.csv": `${header}1000,371,7\n"5",371,7\n0,371,7\n` },
    2: { "impressions.csv": impressionsCsv("371,7") },
  };
  t.match(await collect(t, data, "reject"), {
    cells: ["7 in 1: 371 1005/0/0 0", "7 in 2: 371 1/0/0 0"],
    accounts: ["1/impressions_1.csv: 3 = 2 + 1", "2/impressions.csv: 1 = 1 + 0"],
    rejects: [
      '1/impressions_1.csv,4,malformed,"count is ""0"", expected a whole number from 1 to 4294967295 without leading zeros",,',
    ],
  });
  const tooMany = { 1: { "impressions_1.csv": `${header}4294967295,371,7\n4294967295,371,7\n` } };
  await t.rejects(collect(t, tooMany), { message: /impressions of banner 371 in campaign 7 exceed 4294967295/ });
});
