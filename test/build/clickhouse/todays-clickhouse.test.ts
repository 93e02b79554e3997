import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { missingChdb } from "../../needed-programs.js";
import { query } from "./clickhouse-query.js";
import { accountIn, buildFrom, indexIn } from "./compared-builds.js";
import { COLUMNS, KINDS, randomEvents, shuffled, writeEvents } from "./random-events.js";
import { insertRows, SCHEMA } from "./two-shards.js";

const FROM = Date.parse("2026-04-04T06:00Z");
const WINDOW = ["--from", "2026-04-04T06:00:00Z", "--to", "2026-04-06T06:00:00Z"];
const OPTIONS = [
  ...["--time-zone", "Australia/Lord_Howe", "--periods", "12", ...WINDOW],
  ...["--accept", "all", "--on-bad-row", "reject"],
];

const skip = missingChdb();

async function withTodays(t: Test, work: (port: number, folder: string) => Promise<void>): Promise<void> {
  const folder = t.testdir();
  const server = spawn(process.execPath, [join(import.meta.dirname, "chdb-server.js"), join(folder, "chdb")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(server, "close");
  try {
    const [line] = (await once(server.stdout, "data")) as [Buffer];
    await work(Number(line), folder);
  } finally {
    server.kill("SIGKILL");
    await closed;
  }
}

await t.test("today's ClickHouse gives the index that files give, by the same statements", { skip }, async (t) => {
  await withTodays(t, async (port, folder) => {
    for (const statement of SCHEMA.filter((each) => !each.includes("Distributed"))) await query(port, statement);
    const events = randomEvents(6, FROM, true);
    const clickhouse = ["--clickhouse", `http://billboard@127.0.0.1:${port}/billboard`];
    for (const kind of KINDS) await insertRows(port, kind, COLUMNS[kind], shuffled(events[kind], 2));
    const early = await buildFrom(join(folder, "early"), [...clickhouse, ...OPTIONS]);
    t.match(early, { status: 1, stderr: /: no usable rows: refusing to publish an empty index\n$/ });

    // Received just now, those rows are not counted; these are.
    for (const kind of KINDS) {
      const rows = shuffled(events[kind], 3).map((row) => [...row, 1_700_000_000]);
      await insertRows(port, kind, `${COLUMNS[kind]},received`, rows);
    }
    writeEvents(events, join(folder, "data"));
    const [files, counted] = [join(folder, "files"), join(folder, "counted")];
    t.match(await buildFrom(files, ["--data", join(folder, "data"), ...OPTIONS]), { status: 0 });
    t.match(await buildFrom(counted, [...clickhouse, ...OPTIONS]), { status: 0, stderr: "" });
    t.ok(indexIn(counted) === indexIn(files), "the same bytes");
    t.same(accountIn(counted), accountIn(files), "the same account");
  });
});

/** As others have their tables: other types, other order, no count, and no time at which a row was received. */
const OTHER_TABLES = [
  "CREATE DATABASE billboard",
  "CREATE TABLE billboard.impressions (timestamp DateTime, campaign_id UInt64, banner_id Int32) ENGINE = Memory",
  "CREATE TABLE billboard.clicks (click_id UUID, timestamp DateTime64(6), campaign_id UInt32, banner_id UInt32) ENGINE = Memory",
  "CREATE TABLE billboard.conversions (conversion_id String, click_id UUID, timestamp DateTime64(3, 'Asia/Tokyo'), revenue Decimal(38, 4)) ENGINE = Memory",
];
const CLICK_ID = "00000000-0000-4000-8000-";
const asUuid = (id: unknown): string => CLICK_ID + Buffer.from(String(id)).toString("hex").slice(-12).padStart(12, "0");

await t.test("columns of other types give the same index", { skip }, async (t) => {
  await withTodays(t, async (port, folder) => {
    for (const statement of OTHER_TABLES) await query(port, statement);
    const { impressions, clicks, conversions } = randomEvents(7, FROM, false);
    const seconds = (at: unknown): string => (Number(at) / 1000).toFixed(3);
    const lines = {
      impressions: ["timestamp,campaign_id,banner_id"],
      clicks: ["timestamp,click_id,campaign_id,banner_id"],
      conversions: ["timestamp,conversion_id,click_id,revenue"],
    };
    const rows: Record<(typeof KINDS)[number], unknown[][]> = { impressions: [], clicks: [], conversions: [] };
    const add = (kind: (typeof KINDS)[number], at: unknown, time: unknown, values: readonly unknown[]): void => {
      lines[kind].push([at, ...values].join(","));
      rows[kind].push([time, ...values]);
    };
    for (const [at, campaign, banner] of impressions)
      add("impressions", at, Math.floor(Number(at) / 1000), [campaign, banner]);
    for (const [at, id, campaign, banner] of clicks) add("clicks", at, seconds(at), [asUuid(id), campaign, banner]);
    // Each at a moment of its own: rows of one moment are in the order of their ids, and these are in another.
    for (const [row, [at, id, click, revenue]] of conversions.entries()) {
      const moment = Number(at) + row;
      add("conversions", moment, seconds(moment), [id, asUuid(click), Number(revenue).toFixed(4)]);
    }
    for (const kind of KINDS) {
      const values = rows[kind].map((row) => `(${row.map(literal).join(", ")})`).join(", ");
      await query(port, `INSERT INTO billboard.${kind} (${lines[kind][0]!}) VALUES`, values);
      mkdirSync(join(folder, "data"), { recursive: true });
      writeFileSync(join(folder, `data/${kind}.csv`), `${lines[kind].join("\n")}\n`);
    }
    const [files, counted] = [join(folder, "files"), join(folder, "counted")];
    t.match(await buildFrom(files, ["--data", join(folder, "data"), ...OPTIONS]), { status: 0 });
    const address = `http://billboard@127.0.0.1:${port}/billboard`;
    t.match(await buildFrom(counted, ["--clickhouse", address, ...OPTIONS]), { status: 0, stderr: "" });
    t.ok(indexIn(counted) === indexIn(files), "the same bytes");
    t.same(accountIn(counted), accountIn(files), "the same account");
  });
});

function literal(value: unknown): string {
  const text = String(value);
  // A DateTime64 takes a number without a fraction for its smallest unit.
  return typeof value === "number" || /^\d{10}\.\d{3}$/.test(text) ? text : `'${text}'`;
}
