import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { DataError } from "../../../build/read/data-error.js";
import { NO_OPTIONS } from "../../../build/read/event-file.js";
import { InlineReader, type EventReader } from "../../../build/read/event-reader.js";
import type { FoundFile } from "../../../build/read/find.js";
import { ReaderThreads } from "../../../build/read/reader-threads.js";
import type { BatchSink, RowBatch } from "../../../build/read/row-batch.js";
import { clicksCsv } from "../data-folder.js";

/** Clicks, so many that they come in several batches: the click ids tell the file and the line. */
function clicksFiles(t: Test, lengths: readonly number[]): FoundFile[] {
  const folder = t.testdir();
  return lengths.map((length, at) => {
    const path = join(folder, `clicks_${at}.csv`);
    const text = clicksCsv(...Array.from({ length }, (_, row) => `${(at + 1) * 1_000_000 + row + 2},371,7`));
    writeFileSync(path, text);
    return { kind: "clicks", period: 1, name: `1/clicks_${at}.csv`, path, bytes: text.length };
  });
}

/** Takes clicks, and complains of one that is not the next. */
function counting(): { sink: BatchSink; clicks: number[] } {
  const clicks: number[] = [];
  const unexpected = (): never => {
    throw new Error("not a click");
  };
  const sink = {
    clicks: ({ columns: [ids, , , lines] }: RowBatch): void => {
      ids!.forEach((click, row) => {
        if (click % 1_000_000 !== lines![row]) throw new Error(`click ${click} came with line ${lines![row]}`);
        clicks.push(click);
      });
    },
    click: unexpected,
    batch: () => undefined,
    texts: () => undefined,
    impressionRows: unexpected,
    impressions: unexpected,
    conversions: unexpected,
    conversion: unexpected,
    statistics: unexpected,
  };
  return { sink: { ...sink, malformed: unexpected }, clicks };
}

const LENGTHS = [40_000, 3, 0, 90_000, 20_000];
const CLICKS = LENGTHS.flatMap((length, at) => Array.from({ length }, (_, row) => (at + 1) * 1_000_000 + row + 2));

const READERS: Readonly<Record<string, () => EventReader>> = {
  "this thread": () => new InlineReader(),
  "another thread, too": () => new ReaderThreads(1),
  "two other threads, too": () => new ReaderThreads(2),
  "eight other threads, too": () => new ReaderThreads(8),
  // Every batch is one too many, so that each is waited for.
  "two other threads that may not be ahead": () => new ReaderThreads(2, NO_OPTIONS, 0),
};

for (const [who, open] of Object.entries(READERS)) {
  await t.test(`${who}: the rows of all files come in order, and are counted`, async (t) => {
    const files = clicksFiles(t, LENGTHS);
    const reader = open();
    try {
      const digests = await reader.digest(files);
      t.strictSame(
        digests,
        LENGTHS.map((length, at) =>
          createHash("sha256")
            .update(clicksCsv(...Array.from({ length }, (_, row) => `${(at + 1) * 1_000_000 + row + 2},371,7`)))
            .digest("hex"),
        ),
      );
      reader.announce(files);
      const { sink, clicks } = counting();
      const rows: number[] = [];
      for (const file of files) rows.push((await reader.read(file, sink)).rows);
      t.strictSame(rows, LENGTHS);
      t.ok(clicks.length === CLICKS.length && clicks.every((click, at) => click === CLICKS[at]), "in their order");
      t.strictSame(reader.progress(), {
        rows: CLICKS.length,
        bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      });
    } finally {
      await reader.close();
    }
  });

  await t.test(`${who}: what is wrong with a file comes as it would from this thread`, async (t) => {
    const folder = t.testdir({ "clicks_1.csv": "click_id\n1\n" });
    const file = (name: string): FoundFile => ({
      kind: "clicks",
      period: 1,
      name,
      bytes: "click_id\n1\n".length,
      path: join(folder, name),
    });
    const [wrong, gone] = [file("clicks_1.csv"), file("clicks_2.csv")];
    const reader = open();
    try {
      reader.announce([wrong, gone]);
      const { sink } = counting();
      const refusal: unknown = await reader.read(wrong, sink).catch((error: unknown) => error);
      t.ok(refusal instanceof DataError);
      t.match(refusal, { message: `${wrong.path}:1: column banner_id is missing: ` });
      await t.rejects(reader.read(gone, sink), { code: "ENOENT", path: gone.path });
      await t.rejects(reader.digest([gone]), { code: "ENOENT", path: gone.path });
    } finally {
      await reader.close();
    }
  });

  await t.test(`${who}: what is being read can be aborted`, async (t) => {
    const files = clicksFiles(t, [90_000, 5]);
    const reader = open();
    try {
      reader.announce(files);
      const reason = new DataError("interrupted");
      const { sink } = counting();
      const clicks = (): void => {
        reader.abort(reason);
      };
      await t.rejects(reader.read(files[0]!, { ...sink, clicks }), reason);
      await t.rejects(reader.read(files[1]!, sink), reason);
    } finally {
      await reader.close();
    }
  });

  await t.test(`${who}: what the sink throws ends the reading of the file`, async (t) => {
    const files = clicksFiles(t, [40_000, 5]);
    const reader = open();
    try {
      reader.announce(files);
      const { sink } = counting();
      const full = (): never => {
        throw new DataError("enough");
      };
      await t.rejects(reader.read(files[0]!, { ...sink, clicks: full }), { name: "DataError", message: "enough" });
    } finally {
      await reader.close();
    }
  });
}

await t.test("a thread that ends by itself ends the build, and does not have it wait for ever", async (t) => {
  const folder = t.testdir();
  const views = "371,7\n".repeat(100_000);
  // In the last one, which another thread takes first, a batch has more malformed rows than its memory holds.
  const texts = [
    ...Array.from({ length: 5 }, () => `banner_id,campaign_id\n${views}`),
    `banner_id,campaign_id\n${"x\n".repeat(200_000)}`,
  ];
  const files = texts.map((text, at): FoundFile => {
    const path = join(folder, `impressions_${at}.csv`);
    writeFileSync(path, text);
    return { kind: "impressions", period: 1, name: `1/impressions_${at}.csv`, path, bytes: text.length };
  });
  const reader = new ReaderThreads(1, NO_OPTIONS, 0, { maxOldGenerationSizeMb: 12, maxYoungGenerationSizeMb: 1 });
  const sink = { ...counting().sink, impressionRows: () => undefined, impressions: () => undefined };
  try {
    // So that it is up.
    await reader.digest(files.slice(0, 1));
    reader.announce(files);
    const reading = async (): Promise<void> => {
      for (const file of files) await reader.read(file, sink);
    };
    await t.rejects(reading(), { code: "ERR_WORKER_OUT_OF_MEMORY" });
  } finally {
    await reader.close();
  }
});

await t.test(
  "files of impressions are shared out: another thread begins with the last, this one with the first",
  async (t) => {
    const folder = t.testdir();
    const lengths = [100_000, 3, 50_000, 0, 100_000];
    const files = lengths.map((length, at): FoundFile => {
      const path = join(folder, `impressions_${at}.csv`);
      const text = `banner_id,campaign_id\n${`${at + 1},7\n`.repeat(length)}`;
      writeFileSync(path, text);
      return { kind: "impressions", period: 1, name: `1/impressions_${at}.csv`, path, bytes: text.length };
    });
    const reader = new ReaderThreads(1);
    const seen: [banner: number, views: number][] = [];
    const impressions = (banner: number, _campaign: number, views: number): void => void seen.push([banner, views]);
    const sink = { ...counting().sink, impressionRows: () => undefined, impressions };
    try {
      reader.announce(files);
      for (const file of files) await reader.read(file, sink);
      t.strictSame(
        seen,
        lengths.flatMap((length, at) => (length > 0 ? [[at + 1, length]] : [])),
      );
      t.equal(reader.progress().rows, 250_003);
    } finally {
      await reader.close();
    }
  },
);
