import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { build as buildCommand } from "../../../build/commands/build.js";
import { CHECKS, type Check } from "../../../build/guard/checks.js";
import { DEFAULT_LIMITS, type Limits } from "../../../build/guard/findings.js";
import { RefusedError } from "../../../build/report/refused.js";
import { build, type BuildOptions } from "../../../build/stages.js";
import { buildIndex, type Finished } from "../commands.js";
import { filesOf } from "../built-index.js";
import { dataFolder, statisticsCsv, type PeriodRows } from "../data-folder.js";

type Data = NonNullable<Parameters<Test["testdir"]>[0]>;

function rows<Row>(count: number, row: (at: number) => Row): Row[] {
  return Array.from({ length: count }, (_, at) => row(at + 1));
}

/** A data folder in which each campaign of a period has a cell. No two files have the same bytes. */
function shown(...periods: readonly (readonly number[])[]): Data {
  return dataFolder(
    ...periods.map((campaigns, at) => ({ impressions: campaigns.map((campaign) => `${at + 1},${campaign}`) })),
  );
}

const ALL_KINDS: PeriodRows = { impressions: ["1,7"], clicks: ["1,1,7"], conversions: ["1,1,1"] };

/** 100 clicks, of which the last `bad` repeat an id for another banner. */
const conflicts = (bad: number): PeriodRows => ({
  clicks: [...rows(100 - bad, (at) => `${at},1,7`), ...rows(bad, (at) => `${at},2,7`)],
});
const malformed = (bad: number): PeriodRows => ({ clicks: rows(100, (at) => `${at},${at > bad ? 1 : "x"},7`) });
const orphans = (bad: number, all: number): PeriodRows => ({
  impressions: [],
  clicks: ["1,1,7"],
  conversions: rows(all, (at) => `${at},${at > bad ? 1 : 9},1`),
});

interface Case {
  readonly check: Check;
  /** Nothing is published before where it is undefined. */
  readonly before?: Data;
  readonly passes: Data;
  readonly stops: Data;
  readonly told: string;
  /** The percentages between which what passes is stopped, and what is stopped passes. */
  readonly limit?: readonly [name: keyof Limits, stricter: number, looser: number];
}

const TWENTY = rows(20, Number);

const CASES: Readonly<Record<string, Case>> = {
  "another number of periods": {
    check: "periods",
    before: shown([7], [7], [7], [7]),
    passes: shown([7], [7, 8], [7], [7]),
    stops: shown([7], [7], [7]),
    told: "3 periods of the hour, and the published index has 4: bring the folder of each period",
  },
  "a period without cells that had some": {
    check: "empty-period",
    before: shown(TWENTY, [1, 2]),
    passes: shown(TWENTY, [2]),
    stops: shown(TWENTY, []),
    told: "no cells are left in period 2 (2 published): bring their events",
  },
  "cells that are gone, though as many others came": {
    check: "lost-cells",
    before: shown([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
    passes: shown([1, 2, 3, 4], [2, 3, 4, 5]),
    stops: shown([1, 2, 3, 4, 8], [2, 3, 4, 9, 10]),
    told: "3 of 10 published cells are gone (30 %, at most 20 % pass): bring their events",
    limit: ["maxLostCells", 19.999, 30],
  },
  conflicts: {
    check: "rejected",
    passes: dataFolder(conflicts(1)),
    stops: dataFolder(conflicts(2)),
    told: "malformed rows and conflicts in 1/clicks_1.csv: 2 of 100 rows (2 %, at most 1 % pass): correct them",
    limit: ["maxRejected", 0.999, 2],
  },
  "malformed rows that are rejected": {
    check: "rejected",
    passes: dataFolder(malformed(1)),
    stops: dataFolder(malformed(2)),
    told: "malformed rows and conflicts in 1/clicks_1.csv: 2 of 100 rows (2 %, at most 1 % pass): correct them",
    limit: ["maxRejected", 0, 2],
  },
  orphans: {
    check: "orphans",
    passes: dataFolder(orphans(2, 20)),
    stops: dataFolder(orphans(3, 20)),
    told: "3 of 20 conversions are orphans (15 %, at most 10 % pass): bring the clicks that they name",
    limit: ["maxOrphans", 9.999, 15],
  },
  "a kind that is missing where the others are": {
    check: "missing-files",
    passes: dataFolder(ALL_KINDS, { clicks: ["2,1,7"] }),
    stops: dataFolder(ALL_KINDS, { impressions: ["2,7"], clicks: ["2,1,7"] }),
    told: "no file of conversions in period 2 (the other kinds are there): bring them, be it with nothing but a header row",
  },
  "a kind that is missing and was there before": {
    check: "missing-files",
    before: dataFolder(ALL_KINDS),
    passes: dataFolder({ impressions: ["1,7"], clicks: [], conversions: [] }),
    stops: dataFolder({ impressions: ["1,7"] }),
    told:
      "no file of clicks in period 1 (1 published), conversions in period 1 (1 published): " +
      "bring them, be it with nothing but a header row",
  },
};

/** The names of the checks that stop a build. */
async function stopping(options: BuildOptions): Promise<string[]> {
  try {
    await build(options);
    return [];
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return error.report.findings.filter(({ accepted }) => !accepted).map(({ name }) => name);
  }
}

for (const [what, { check, before, passes, stops, told, limit }] of Object.entries(CASES))
  await t.test(`${what}: the build stops, and passes with --accept ${check}`, async (t) => {
    const folder = t.testdir({ before: before ?? {}, passes, stops });
    const out = join(folder, "out");
    const optionsOf = (name: string): BuildOptions => {
      return { data: join(folder, name), banners: undefined, out, onBadRow: "reject" };
    };
    if (before !== undefined) await build(optionsOf("before"));
    const published = existsSync(out) ? filesOf(out) : {};
    const words = ["--data", join(folder, "stops"), "--out", out, "--on-bad-row", "reject"];
    const { status, stdout, stderr } = buildIndex(words);
    t.equal(status, 1);
    t.equal(
      stderr,
      `${check}: ${told}, or let it pass with --accept ${check}\n` +
        "billboard build: 1 check failed, nothing is published: correct the data, or publish all the same with " +
        `--accept ${check}\n`,
    );
    t.match(stdout, /^index +not published, /m);
    const {
      "rejects.refused.csv": rejects,
      "report.refused.html": page,
      "report.refused.json": json,
      ...others
    } = filesOf(out);
    t.same(others, published, "what is published stays as it is");
    t.ok(rejects?.startsWith("file,line,") && page?.startsWith("<!doctype html>"));
    t.match(JSON.parse(json!), { findings: [{ name: check, accepted: false }] });

    const tried = (name: string, more: Partial<BuildOptions>): Promise<string[]> =>
      stopping({ ...optionsOf(name), dryRun: true, ...more });
    t.same(await tried("passes", {}), []);
    t.same(await tried("stops", { accept: CHECKS.filter((name) => name !== check) }), [check], "others do not help");
    t.same(await tried("stops", { accept: ["all"] }), []);
    if (limit !== undefined) {
      const [name, stricter, looser] = limit;
      t.same(await tried("passes", { limits: { ...DEFAULT_LIMITS, [name]: stricter } }), [check]);
      t.same(await tried("stops", { limits: { ...DEFAULT_LIMITS, [name]: looser } }), []);
    }

    t.match(buildIndex([...words, "--accept", check]), {
      status: 0,
      stderr: "",
      stdout: new RegExp(`^accepted +${check}: `, "m"),
    });
    const after = filesOf(out);
    t.match(JSON.parse(after["report.json"]!), { findings: [{ name: check, accepted: true }] });
    t.notOk(
      Object.keys(after).some((name) => name.includes("refused")),
      "the reports of what was refused are gone",
    );
  });

await t.test("each limit is an option", (t) => {
  for (const [option, what] of [
    ["--max-lost-cells", "cells that are gone, though as many others came"],
    ["--max-rejected", "conflicts"],
    ["--max-orphans", "orphans"],
  ] as const) {
    const { before = CASES[what]!.passes, stops, limit } = CASES[what]!;
    const folder = t.testdir({ before, stops });
    const build = (name: string, ...options: string[]): Finished =>
      buildIndex(["--data", join(folder, name), "--out", join(folder, "out"), ...options]);
    t.equal(build("before").status, 0);
    t.match(build("stops", option, String(limit![2] - 0.001)), { status: 1 }, option);
    t.match(build("stops", option, String(limit![2])), { status: 0, stderr: "" }, option);
  }
  t.end();
});

await t.test("one late click is no bad day, however few conversions there are", async (t) => {
  const folder = t.testdir(dataFolder(orphans(1, 2)));
  t.same(await stopping({ data: folder, banners: undefined, out: join(folder, "out"), onBadRow: "stop" }), []);
});

await t.test("a copy of a file makes orphans no rarer", async (t) => {
  const { "1": period } = dataFolder(orphans(2, 10));
  const folder = t.testdir({ data: { 1: { ...period, "conversions_2.csv": period!["conversions_1.csv"]! } } });
  const options = {
    data: join(folder, "data"),
    banners: undefined,
    out: join(folder, "out"),
    onBadRow: "stop",
  } as const;
  t.same(await stopping(options), ["orphans"]);
});

await t.test("statistics stand for all kinds, and their rows are held to the same share", async (t) => {
  const folder = t.testdir({
    events: dataFolder(ALL_KINDS),
    good: { 1: { "statistics.csv": statisticsCsv("7,1,9,3,1,2.5") } },
    bad: { 1: { "statistics.csv": statisticsCsv("7,1,9,3,1,2.5", "7,1,9,3,1,9.5") } },
  });
  const stoppingIn = (name: string): Promise<string[]> =>
    stopping({ data: join(folder, name), banners: undefined, out: join(folder, "out"), onBadRow: "stop" });
  for (const name of ["events", "good", "events"]) t.same(await stoppingIn(name), [], name);
  t.same(await stoppingIn("bad"), ["rejected"]);
});

await t.test("all that is wrong is told at once, and accepted by names with commas between them", (t) => {
  const folder = t.testdir({
    before: dataFolder(ALL_KINDS, { clicks: ["2,1,7"] }),
    after: dataFolder({ impressions: ["1,7"], conversions: ["1,1,1", "2,1,1"] }),
  });
  const build = (name: string, ...options: string[]): Finished =>
    buildIndex(["--data", join(folder, name), "--out", join(folder, "out"), ...options]);
  t.match(build("before"), { status: 0 });
  const { status, stderr } = build("after");
  t.equal(status, 1);
  t.same(
    stderr.split("\n").map((line) => line.split(":")[0]),
    ["periods", "orphans", "missing-files", "billboard build", ""],
  );
  t.match(stderr, /: 3 checks failed, .* --accept periods,orphans,missing-files\n$/);
  t.match(build("after", "--accept", "missing-files,periods"), {
    status: 1,
    stderr: /^orphans: .*\nbillboard build: 1 check failed, /,
  });
  t.match(build("after", "--accept", "missing-files,periods", "--accept", "orphans"), { status: 0, stderr: "" });
  t.end();
});

await t.test("a name or a percentage that is none is wrong usage", (t) => {
  const { accept, "max-orphans": limit } = buildCommand.options;
  for (const [option, value] of [
    [accept, "everything"],
    [accept, "periods, orphans"],
    [accept, ""],
    [limit, "100.001"],
    [limit, "-1"],
    [limit, "10%"],
    [limit, "0.0001"],
  ] as const)
    t.equal(option.parse(value), undefined, value);
  t.match(buildIndex(["--accept", "everything"]), {
    status: 2,
    stderr: 'billboard build: --accept: got "everything", expected some of periods, empty-period, lost-cells, ',
  });
  t.end();
});

await t.test("a dry run does all but publish, and changes nothing in the folder", (t) => {
  const folder = t.testdir({ before: shown([7], [7]), good: shown([7], [7, 8]), bad: shown([7]) });
  const out = join(folder, "out");
  const build = (name: string, ...options: string[]): Finished =>
    buildIndex(["--data", join(folder, name), "--out", out, ...options]);
  t.match(build("before", "--dry-run"), {
    status: 0,
    stdout: /^index +not published, [\d,]+ bytes, generation \w{16}$/m,
  });
  t.notOk(existsSync(out), "not even the folder is made");
  t.equal(build("before").status, 0);
  const published = filesOf(out);
  const { mtimeNs } = statSync(out, { bigint: true });
  const { status, stdout, stderr } = build("good", "--dry-run");
  t.same({ status, stderr }, { status: 0, stderr: "" });
  t.match(stdout, /^campaigns +1 \(8\) new, none gone, 1 changed$/m);
  t.notOk(stdout.includes(out), "no file is named, since none is written");
  t.match(build("bad", "--dry-run"), { status: 1, stderr: /^periods: / });
  t.match(build("bad", "--dry-run", "--accept", "periods"), { status: 0, stderr: "" });
  t.same(filesOf(out), published);
  t.equal(statSync(out, { bigint: true }).mtimeNs, mtimeNs, "nothing was made there and removed again");
  t.match(buildIndex(["--data", join(folder, "good"), "--out", join(folder, "bad/1/impressions_1.csv"), "--dry-run"]), {
    status: 1,
    stderr: /is a file, expected a folder, or nothing/,
  });
  t.end();
});
