import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { EventFile, type Chunk } from "../../../src/recording/event-file.js";
import { replaceCall } from "./replaced-call.js";

const NAME = "clicks-0123456789abcdef-20261130T100000Z-000001.csv";
const HEADER = "timestamp,click_id,campaign_id,banner_id\n";
const row = (n: number): string => `2026-11-30T10:00:00Z,${n},1,2\n`;
const chunk = (text: string): Chunk => ({ rows: Buffer.from(text), events: 1, isCounted: false });

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: an error of the test`), { code });
}

async function eventFile(folder: string): Promise<{ file: EventFile; counted: number[]; text: () => string }> {
  const counted: number[] = [];
  const file = await EventFile.create(folder, NAME, "clicks", (events) => counted.push(events));
  return { file, counted, text: () => readFileSync(join(folder, `open-${NAME}`), "utf8") };
}

await t.test("what a failed fdatasync may have lost is written anew, once", async (t) => {
  const folder = t.testdir();
  const { file, counted, text } = await eventFile(folder);
  let failures = 0;
  await replaceCall(t, "datasync", (original) => {
    if (failures-- > 0) throw systemError("EIO");
    return original();
  });
  await file.write(chunk(row(1)));
  await file.sync();
  const synced = text();
  await file.write(chunk(row(2)));
  await file.write(chunk(row(3)));
  failures = 2;
  await t.rejects(file.sync(), { code: "EIO" });
  t.notOk(file.isSound);
  // As the system has it then: pages that were not written are taken for clean, and may read as anything.
  writeFileSync(join(folder, `open-${NAME}`), synced + "\0".repeat(row(2).length * 3));
  await t.rejects(file.repair(), { code: "EIO" });
  await file.repair();
  t.ok(file.isSound);
  t.equal(text(), HEADER + row(1) + row(2) + row(3));
  t.same(counted, [1, 1, 1], "each is counted once");
  t.ok(await file.finish());
  t.same(readdirSync(folder), [NAME]);
});

await t.test("a write that ends early, and then fails, is cut and done again", async (t) => {
  const { file, text } = await eventFile(t.testdir());
  let isFailing = false;
  await replaceCall(t, "write", async (original) => {
    const result = await original();
    if (isFailing) throw systemError("ENOSPC");
    return result;
  });
  isFailing = true;
  await t.rejects(file.write(chunk(row(1))), { code: "ENOSPC" });
  await t.rejects(file.repair(), { code: "ENOSPC" });
  isFailing = false;
  await file.repair();
  t.equal(text(), HEADER + row(1));
  await file.finish();
});

await t.test("rows that are discarded are cut, and a file without a row is removed", async (t) => {
  const folder = t.testdir();
  const { file } = await eventFile(folder);
  await file.write(chunk(row(1)));
  await file.discardUnsynced();
  t.notOk(await file.finish());
  t.same(readdirSync(folder), []);
});

await t.test("its end, where it fails, can be tried again", async (t) => {
  const folder = t.testdir();
  const { file } = await eventFile(folder);
  await file.write(chunk(row(1)));
  let failures = 1;
  await replaceCall(t, "datasync", (original) => {
    if (failures-- > 0) throw systemError("EIO");
    return original();
  });
  await t.rejects(file.finish(), { code: "EIO" });
  t.ok(await file.finish());
  t.ok(await file.finish());
  t.equal(readFileSync(join(folder, NAME), "utf8"), HEADER + row(1));
});
