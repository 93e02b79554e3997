import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { missing } from "../../needed-programs.js";
import { shipped } from "../../deploy/shipped.js";
import { accountIn, buildFrom, indexIn } from "./compared-builds.js";
import { query } from "./clickhouse-query.js";
import { COLUMNS, KINDS, randomEvents, shuffled, writeEvents, type RandomEvents } from "./random-events.js";
import { TwoShards } from "./two-shards.js";

/** Clocks change in Berlin, and by half an hour in Lord Howe, within two days from here. */
const OCTOBER = Date.parse("2026-10-24T12:00Z");
const APRIL = Date.parse("2026-04-04T06:00Z");
const DAY_MS = 86_400_000;
/** Long before any build, so that it counts. */
const RECEIVED = 1_700_000_000;

async function insert(shards: TwoShards, events: RandomEvents): Promise<void> {
  for (const kind of KINDS) {
    for (const { http } of shards.shards) await query(http, `TRUNCATE TABLE billboard.${kind}`);
    const rows = shuffled(events[kind], 1).map((row) => [...row, RECEIVED]);
    // In several parts, which ClickHouse merges when it likes.
    for (let at = 0; at < rows.length; at += 400)
      await shards.insert(`${kind}_all`, `${COLUMNS[kind]},received`, rows.slice(at, at + 400));
  }
}

const windowOf = (from: number): string[] => [
  ...["--from", new Date(from).toISOString()],
  ...["--to", new Date(from + 2 * DAY_MS).toISOString()],
];

async function withShards(t: Test, work: (shards: TwoShards, folder: string) => Promise<void>): Promise<void> {
  const folder = t.testdir();
  const shards = await TwoShards.start(join(folder, "shards"));
  try {
    await work(shards, folder);
  } finally {
    await shards.stop();
  }
}

const skip = missing("clickhouse-server");

await t.test(
  "two shards give the index that the same events in files give, and the same account",
  { skip },
  async (t) => {
    await withShards(t, async (shards, folder) => {
      const clickhouse = ["--clickhouse", shards.address, "--cluster", "billboard"];
      for (const [seed, from, zone, ...words] of [
        [1, OCTOBER, "Europe/Berlin", "--periods", "12"],
        [2, APRIL, "Australia/Lord_Howe", "--periods", "60"],
        [3, OCTOBER, "Asia/Kathmandu", "--periods", "4"],
        [4, OCTOBER, "America/St_Johns", "--periods", "6", "--on-bad-row", "reject"],
      ] as const) {
        const events = randomEvents(seed, from, words.length > 2);
        await insert(shards, events);
        const data = join(folder, `data-${seed}`);
        writeEvents(events, data);
        for (const [name, window] of [
          ["window", windowOf(from)],
          ["all", []],
        ] as const) {
          const options = ["--time-zone", zone, "--accept", "all", ...words, ...window];
          const [files, counted] = ["files", "clickhouse"].map((way) => join(folder, `${way}-${seed}-${name}`)) as [
            string,
            string,
          ];
          t.match(await buildFrom(files, ["--data", data, ...options]), { status: 0, stderr: "" });
          t.match(await buildFrom(counted, [...clickhouse, ...options]), { status: 0, stderr: "" });
          t.ok(indexIn(counted) === indexIn(files), `${zone}, ${name}: the same bytes`);
          const account = accountIn(counted);
          t.same(account, accountIn(files), `${zone}, ${name}: the same account`);
          // What this is about is there.
          const [, clicks, conversions] = account;
          for (const kind of ["duplicate", "conflict"] as const)
            for (const each of [clicks, conversions]) t.ok(each!.rejected[kind] > 0, `${each!.kind} ${kind}`);
          t.ok(conversions!.rejected.orphan > 0);
          if (name === "window") for (const each of account) t.ok(each.outside! > 0);
        }
      }
      // Of the last one, whose malformed rows stop a build that does not reject them.
      const stopped = await buildFrom(join(folder, "stopped"), [...clickhouse, "--time-zone", "UTC"]);
      t.equal(stopped.status, 1);
      t.match(
        stopped.stderr,
        /: 4 of 3004 rows of impressions are malformed, nothing is published: .*--on-bad-row reject\n$/,
      );
      t.notOk(existsSync(join(folder, "stopped/index.bin")));

      const rejects = readFileSync(join(folder, "clickhouse-4-all/rejects.csv"), "utf8").split("\n");
      const [, clicks] = accountIn(join(folder, "clickhouse-4-all"));
      const line = `clicks,,conflict,${clicks!.rejected.conflict} row(s): their id came before with other content: deploy/clickhouse/rejects.sql lists them,,`;
      t.ok(rejects.includes(line), "a line for each kind of reject says how many and where to look");
      const listed = (await query(shards.http, shipped("clickhouse/rejects.sql")))
        .split("\n")
        .map((row) => row.split("\t"));
      const count = (events: string, kind: string): number =>
        listed.filter((row) => row[0] === events && row[1] === kind).length;
      t.same(
        [count("impressions", "malformed"), count("clicks", "malformed"), count("conversions", "malformed")],
        [4, 4, 3],
      );
      const [, , conversions] = accountIn(join(folder, "clickhouse-4-all"));
      // Of the three malformed conversions, one names no click.
      t.ok(count("conversions", "orphan") >= conversions!.rejected.orphan);
      t.ok(count("clicks", "repeated") > clicks!.rejected.conflict + clicks!.rejected.duplicate);
    });
  },
);

await t.test(
  "what is not whole is not published: the index before stays, and one line says why",
  { skip },
  async (t) => {
    await withShards(t, async (shards, folder) => {
      const events = randomEvents(5, OCTOBER, false);
      await insert(shards, events);
      const out = join(folder, "out");
      const options = ["--time-zone", "UTC", "--accept", "all"];
      const clickhouse = ["--clickhouse", shards.address, "--cluster", "billboard"];
      t.equal((await buildFrom(out, [...clickhouse, ...options])).status, 0);
      const before = indexIn(out);
      const { mtimeMs } = statSync(join(out, "index.bin"));
      const refused = async (words: readonly string[], message: RegExp, what: string): Promise<void> => {
        const { status, stderr } = await buildFrom(out, [...words, ...options]);
        t.equal(status, 1, what);
        t.match(stderr, message, what);
        t.equal(stderr.indexOf("\n"), stderr.length - 1, "it is one line");
        t.ok(indexIn(out) === before && statSync(join(out, "index.bin")).mtimeMs === mtimeMs, `${what}: the old index`);
        t.notOk(
          readdirSync(out).some((name) => name.endsWith(".tmp")),
          "nothing is left behind",
        );
      };

      for (const [text, what] of [
        ["alike_rows", "the account"],
        ["local_clicks", "the statistics"],
      ] as const) {
        shards.proxy.cutAt(text);
        const { cuts } = shards.proxy;
        await refused(
          clickhouse,
          /^billboard build: http:\/\/127\.0\.0\.1:\d+\/billboard: ClickHouse says: .*once all are there\n$/,
          what,
        );
        t.ok(shards.proxy.cuts > cuts, `a shard broke off while it counted ${what}`);
        shards.proxy.cutAt(undefined);
      }

      // All on the first shard, beside the clicks of both.
      for (const { http } of shards.shards) await query(http, "TRUNCATE TABLE billboard.conversions");
      await query(
        shards.http,
        `INSERT INTO billboard.conversions (${COLUMNS.conversions},received) FORMAT TabSeparated`,
        events.conversions.map((row) => `${[...row, RECEIVED].join("\t")}\n`).join(""),
      );
      await refused(
        clickhouse,
        /click ids lie on more than one shard of billboard: clicks and conversions have to be sharded by click_id/,
        "rows on a wrong shard",
      );

      await refused(
        ["--clickhouse", shards.address],
        /: (impressions|clicks|conversions) is one of 2 parts, those of billboard\.\w+_all: name the cluster with --cluster billboard\n$/,
        "one shard of two",
      );
      await refused(
        ["--clickhouse", shards.address, "--cluster", "shop"],
        /: has no cluster shop: --cluster names one of billboard\n$/,
        "another cluster",
      );
      await refused(
        ["--clickhouse", shards.address.replace(/billboard$/, "shop")],
        /Database shop doesn't exist .*name the database/,
        "another database",
      );
      await refused(
        ["--clickhouse", shards.address.replace(/billboard$/, "system")],
        /\/system: has no table impressions: /,
        "no tables",
      );

      const wrong = await buildFrom(out, [...clickhouse, ...options], { CLICKHOUSE_PASSWORD: "wrong" });
      t.equal(wrong.status, 1);
      t.match(wrong.stderr, /: ClickHouse says: Wrong password for user billboard .*: set CLICKHOUSE_PASSWORD or /);
      t.notMatch(wrong.stderr, /wrong/, "no secret is told");
      t.ok(indexIn(out) === before, "the old index");

      await shards.killSecond();
      await refused(
        clickhouse,
        /ClickHouse says: .*: a shard is out of reach: build again once all are there\n$/,
        "a shard that is away",
      );
    });
  },
);
