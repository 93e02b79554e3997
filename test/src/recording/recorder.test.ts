import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { pino } from "pino";
import t, { type Test } from "tap";
import { RecordFolder } from "../../../src/recording/record-folder.js";
import { Recorder, restartDelayMs } from "../../../src/recording/recorder.js";
import { newRing, RingWriter, type Ring } from "../../../src/recording/ring.js";
import { recordedFiles, recordedRows } from "./recorded-rows.js";
import { RunningRecorder } from "./running-recorder.js";

t.setTimeout(120_000);

const SECONDS = Date.parse("2026-11-30T20:41:03Z") / 1000;

interface Opened {
  readonly recorder: Recorder;
  readonly writers: readonly RingWriter[];
  readonly log: { readonly state: string; readonly msg: string }[];
}

async function open(folder: string, rings: readonly Ring[] = [newRing()], syncSeconds = 1): Promise<Opened> {
  const log: Opened["log"] = [];
  const logger = pino({ base: null }, { write: (line: string) => log.push(JSON.parse(line) as (typeof log)[0]) });
  const options = { folder, syncSeconds, timeZone: "UTC", periods: () => 4, rings, log: logger };
  return { recorder: await Recorder.open(options), writers: rings.map((ring) => new RingWriter(ring)), log };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(5);
}

await t.test("what several workers put into their rings is in files, and counted", async (t) => {
  const folder = join(t.testdir(), "made", "on the way");
  const { recorder, writers, log } = await open(folder, [newRing(), newRing(), newRing()]);
  for (let event = 0; event < 3000; event++) writers[event % 3]!.impression(SECONDS, 1 + (event % 2), 7);
  writers[1]!.click(SECONDS, 1, 7, new Uint32Array([1, 2, 3, 0xabcdef01]));
  writers[2]!.click(SECONDS + 1, 1, 7, new Uint32Array([1, 2, 3, 0xabcdef01]));
  await until(() => recorder.state.recorded.impressions === 3000 && recorder.state.recorded.clicks === 1);
  t.match(recorder.state, {
    folder,
    repeatedClicks: 1,
    dropped: { impressions: 0, clicks: 0 },
    closedFiles: 0,
    failure: undefined,
  });
  await recorder.close(30_000);
  await recorder.close(30_000);
  t.same(
    recordedRows(folder, "impressions").reduce((sum, row) => sum + Number(row[3]), 0),
    3000,
  );
  t.same(recordedRows(folder, "clicks"), [["2026-11-30T20:41:03Z", "000000010000000200000003abcdef01", "1", "7"]]);
  t.equal(recorder.state.closedFiles, 2);
  t.ok(recorder.state.lastWrite! > 0);
  const server = readFileSync(join(folder, "server"), "utf8");
  t.match(server, /^[\da-f]{16}\n$/);
  const names = readdirSync(folder).sort();
  t.match(names, [/^clicks-/, /^impressions-/, "server"], "no lock is left");
  for (const name of names.slice(0, 2))
    t.match(name, new RegExp(`^(clicks|impressions)-${server.trim()}-\\d{8}T\\d{6}Z-000001\\.csv$`));
  t.same(
    log.map(({ state }) => state),
    ["begun"],
  );
  await t.rejects(recorder.conversions([]), { name: "RecordingUnavailableError" });
});

await t.test("a conversion is in the file when its promise resolves; many share one fdatasync", async (t) => {
  const folder = t.testdir();
  const { recorder } = await open(folder);
  const names = Array.from({ length: 300 }, (_, at) => `order ${at}`);
  await Promise.all(
    names.map(async (conversionId) => {
      await recorder.conversions([{ conversionId, clickId: 'a "b", c', revenue: "2.500000" }]);
      const [name] = readdirSync(folder).filter((each) => each.startsWith("open-conversions"));
      const text = readFileSync(join(folder, name!), "utf8");
      if (!text.includes(`,${conversionId},"a ""b"", c",2.500000\n`)) t.fail(conversionId);
    }),
  );
  t.equal(recorder.state.recorded.conversions, 300);
  const rows = Array.from({ length: 5001 }, () => ({ conversionId: "1", clickId: "1", revenue: "1" }));
  const first = recorder.conversions(rows);
  await t.rejects(recorder.conversions(rows), { name: "RecordingUnavailableError", message: /5001 conversions wait/ });
  await first;
  await recorder.conversions(rows);
  await recorder.close(30_000);
});

await t.test("no second recorder works in a folder, be it of this process or another", async (t) => {
  const folder = t.testdir();
  const first = new RunningRecorder(t, folder);
  await first.opened();
  const { pid } = first.process;
  await t.rejects(open(folder), {
    name: "RecordFolderError",
    message: `${folder}: another process (${pid}) records there: give each server a folder of its own`,
  });
  first.process.kill("SIGKILL");
  await first.exited;
  const { recorder } = await open(folder);
  await t.rejects(open(folder), { message: new RegExp(`process \\(${process.pid}\\) records there`) });
  await recorder.close(30_000);
});

await t.test("a folder that cannot be used is one line", async (t) => {
  const folder = t.testdir({ file: "", rec: { server: "something else\n" }, open: { "open-clicks-1.csv": {} } });
  await t.rejects(open(join(folder, "file")), {
    message: `${folder}/file: is a file, expected a folder, or nothing: move it away, or name another`,
  });
  await t.rejects(open(join(folder, "file", "below")), { message: /^[^\n]*ENOTDIR[^\n]*$/ });
  await t.rejects(open(join(folder, "rec")), { message: /rec\/server: is not 16 hex digits, [^\n]*$/ });
  await t.rejects(open(join(folder, "open")), { message: /open-clicks-1\.csv: is a folder, expected a file/ });
  t.same(readdirSync(join(folder, "rec")), ["server"], "no lock is left");
});

await t.test("a folder that is removed is made again, under the same name of the server", async (t) => {
  const folder = join(t.testdir(), "rec");
  const { recorder, writers, log } = await open(folder);
  const server = readFileSync(join(folder, "server"), "utf8");
  writers[0]!.impression(SECONDS, 1, 1);
  await until(() => recorder.state.recorded.impressions === 1);
  rmSync(folder, { recursive: true });
  writers[0]!.impression(SECONDS, 2, 1);
  await until(() => recorder.state.recorded.impressions === 2);
  t.equal(readFileSync(join(folder, "server"), "utf8"), server);
  await t.rejects(open(folder), /records there/);
  await recorder.close(30_000);
  t.ok(recordedRows(folder, "impressions").some((row) => row[1] === "2"));
  t.equal(readFileSync(join(folder, "server"), "utf8"), server);
  t.same(
    log.map(({ state }) => state),
    ["begun", "folder-made"],
  );
});

await t.test("a folder that is moved away leaves no row in two places", async (t) => {
  const folder = t.testdir({ rec: {} });
  const rec = join(folder, "rec");
  const { recorder, writers } = await open(rec, [newRing()], 1000);
  // The first is synced at once, the second not for long.
  for (const campaign of [1, 2]) {
    writers[0]!.impression(SECONDS, campaign, 1);
    await until(() => recorder.state.recorded.impressions === campaign);
  }
  renameSync(rec, `${rec}.moved`);
  writers[0]!.impression(SECONDS, 3, 1);
  await until(() => recorder.state.recorded.impressions === 3);
  await recorder.close(30_000);
  const [left] = readdirSync(`${rec}.moved`).filter((name) => name.startsWith("open-"));
  const rows = readFileSync(join(`${rec}.moved`, left!), "utf8")
    .split("\n")
    .slice(1, -1);
  const campaigns = [...rows.map((row) => row.split(",")[1]), ...recordedRows(rec, "impressions").map((row) => row[1])];
  t.same(campaigns, ["1", "2", "3"]);
});

await t.test("closing ends at its deadline where nothing can be written", async (t) => {
  const folder = t.testdir({ rec: {} });
  const rec = join(folder, "rec");
  const { recorder, writers, log } = await open(rec);
  rmSync(rec, { recursive: true });
  writeFileSync(rec, "");
  writers[0]!.impression(SECONDS, 1, 1);
  await until(() => recorder.state.failure !== undefined);
  await t.rejects(recorder.conversions([{ conversionId: "1", clickId: "1", revenue: "1" }]), {
    name: "RecordingUnavailableError",
  });
  await recorder.close(200);
  t.same(
    log.map(({ state }) => state),
    ["begun", "failing", "unfinished"],
  );
});

await t.test("drops are said once, and their number when they have ended", async (t) => {
  const { recorder, writers, log } = await open(join(t.testdir(), "rec"), [newRing(4)]);
  const said = (state: string): number => log.filter((line) => line.state === state).length;
  for (let event = 0; event < 100_000; event++) writers[0]!.impression(SECONDS, 1, 7);
  const { impressions } = recorder.state.dropped;
  t.ok(impressions > 0);
  await until(() => said("dropping") === 1);
  // Two of its looks, at least, find more of them.
  for (const total of [impressions + 1, impressions + 2]) {
    while (recorder.state.dropped.impressions < total) writers[0]!.impression(SECONDS, 1, 7);
    await sleep(1500);
  }
  await until(() => said("dropped") === 1);
  t.equal(said("dropping"), 1);
  const last = log.find(({ state }) => state === "dropped");
  t.match(last, { events: recorder.state.dropped.impressions });
  await recorder.close(30_000);
});

await t.test("a recorder thread that dies is replaced, and the rings keep what comes meanwhile", async (t) => {
  const folder = t.testdir({ rec: {} });
  const fail = join(folder, "fail");
  const preload = pathToFileURL(join(import.meta.dirname, "failing-recorder.js")).href;
  const recorder = new RunningRecorder(t, join(folder, "rec"), [], { NODE_OPTIONS: `--import=${preload}`, FAIL: fail });
  await recorder.opened();
  const isRecorded = async (impressions: number): Promise<void> => {
    while ((await recorder.tell({ do: "state" })).state.recorded.impressions < impressions) await sleep(5);
  };
  await recorder.tell({ do: "show", from: 1, to: 100 });
  await isRecorded(100);
  for (const death of [1, 2]) {
    const start = recorder.lines.length;
    // The first while conversions are on their way to it.
    writeFileSync(fail, death === 1 ? "commit" : "now");
    if (death === 1) t.equal((await recorder.tell({ do: "convert", id: "0" })).error, "the recorder thread died");
    t.match((await recorder.logged("died", start)).reason, /an error of the test/);
    await recorder.tell({ do: "show", from: death * 100 + 1, to: death * 100 + 100 });
    t.equal((await recorder.tell({ do: "convert", id: "1" })).error, "the recorder thread died");
    await recorder.logged("restarted", start);
    t.same((await recorder.tell({ do: "convert", id: String(death) })).error, undefined);
    await isRecorded(death * 100 + 100);
  }
  const { state } = await recorder.tell({ do: "close" });
  t.same(state.recorded, { impressions: 300, clicks: 0, conversions: 2 });
  t.equal(await recorder.exited, 0);
  const campaigns = recordedRows(join(folder, "rec"), "impressions").map((row) => Number(row[1]));
  t.same(
    campaigns.sort((a, b) => a - b),
    Array.from({ length: 300 }, (_, at) => at + 1),
  );
  t.equal(recordedFiles(join(folder, "rec"), "impressions").length, 3, "what it left open is closed by the next");
  t.same(
    [1, 2, 3, 8, 9, 60].map((deaths) => restartDelayMs(deaths)),
    [200, 400, 800, 25_600, 30_000, 30_000],
  );
});

async function startIn(t: Test, names: readonly string[], time: string): Promise<string> {
  const path = t.testdir(Object.fromEntries(names.map((name) => [name, ""])));
  const folder = await RecordFolder.open(path, () => undefined);
  try {
    return await folder.newStart(Date.parse(time));
  } finally {
    await folder.release();
  }
}

await t.test("a start has a name that no file of the folder has, also where the clock was put back", async (t) => {
  const name = (start: string): string => `clicks-0123456789abcdef-${start}-000007.csv`;
  t.equal(await startIn(t, [], "2026-11-30T20:41:03.999Z"), "20261130T204103Z");
  const taken = [name("20261130T204103Z"), name("20261130T204104Z")];
  t.equal(await startIn(t, taken, "2026-11-30T20:41:03Z"), "20261130T204105Z");
});
