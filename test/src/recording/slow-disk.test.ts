import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { newFigures, PERIODS } from "../../../src/recording/figures.js";
import { Recording } from "../../../src/recording/recording.js";
import { newRing, RingWriter } from "../../../src/recording/ring.js";
import { recordedRows } from "./recorded-rows.js";
import { replaceCall } from "./replaced-call.js";

function recordingIn(t: Test, folder: string): { recording: Recording; writer: RingWriter } {
  const ring = newRing(4);
  const figures = newFigures();
  figures[PERIODS] = 4;
  const [server, start] = ["0123456789abcdef", "20261130T100000Z"];
  const recording = new Recording(
    { folder, server, start, syncMs: 1, timeZone: "UTC", rings: [ring], figures },
    { makeFolder: () => Promise.resolve(), onFailing: (reason) => t.fail(reason), onWorks: () => undefined },
    () => Date.parse("2026-11-30T10:00:00Z"),
  );
  return { recording, writer: new RingWriter(ring) };
}

/** Lets no fdatasync end until `release`. */
async function holdSyncs(t: Test): Promise<{ readonly held: number; release: () => void }> {
  const held: (() => void)[] = [];
  let isHeld = true;
  await replaceCall(t, "datasync", async (original) => {
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    return original();
  });
  return {
    get held() {
      return held.length;
    },
    release: () => {
      isHeld = false;
      for (const resolve of held) resolve();
    },
  };
}

const textOf = (folder: string): string => readFileSync(join(folder, readdirSync(folder)[0]!), "utf8");

await t.test("an fdatasync that takes long keeps neither the rings nor the writes waiting", async (t) => {
  const folder = t.testdir();
  const { recording, writer } = recordingIn(t, folder);
  const syncs = await holdSyncs(t);
  for (let banner = 1; banner <= 10; banner++) {
    writer.impression(1, 1, banner);
    t.ok(recording.drain());
    await recording.flush();
    t.equal(textOf(folder).split("\n").length, banner + 2);
  }
  t.equal(syncs.held, 1, "one fdatasync at a time");
  syncs.release();
  t.ok(await recording.finish());
});

await t.test("conversions wait for their fdatasync; those that come meanwhile share the next", async (t) => {
  const folder = t.testdir();
  const { recording } = recordingIn(t, folder);
  const syncs = await holdSyncs(t);
  const committed: string[] = [];
  const commit = async (conversionId: string): Promise<void> => {
    await recording.commit([{ conversionId, clickId: "1", revenue: "1" }]);
    committed.push(conversionId);
  };
  const first = commit("first");
  while (syncs.held === 0) await new Promise(setImmediate);
  t.match(textOf(folder), "first");
  const others = ["second", "third", "fourth"].map(commit);
  await recording.flush();
  t.same(committed, []);
  t.notMatch(textOf(folder), "second");
  let later = 0;
  await replaceCall(t, "datasync", (original) => {
    later++;
    return original();
  });
  syncs.release();
  await Promise.all([first, ...others]);
  t.equal(later, 1);
  t.same(committed, ["first", "second", "third", "fourth"]);
  t.ok(await recording.finish());
  t.equal(recordedRows(folder, "conversions").length, 4);
});
