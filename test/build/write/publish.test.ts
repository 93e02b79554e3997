import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { basename, join } from "node:path";
import t, { type Test } from "tap";
import { Publication } from "../../../build/write/publish.js";
import { filesOf } from "../built-index.js";

const FIRST = Buffer.from("the first index");
const SECOND = Buffer.from("the second index");
const THIRD = Buffer.from("the third index");

/** What is published beside an index. */
function reportsOf(index: Uint8Array): Record<string, string> {
  return { "report.json": `report of ${String(index)}`, "report.html": `page of ${String(index)}` };
}

async function publish(folder: string, index: Uint8Array, rejects = "rejects", by = Publication): Promise<void> {
  const publication = await by.begin(folder);
  try {
    writeFileSync(publication.rejectsPath, rejects);
    const { "report.json": report = "", "report.html": page = "" } = reportsOf(index);
    await publication.publish({ index: [index], report, page });
  } finally {
    await publication.end();
  }
}

await t.test("a first index has none before it, and its folder is made", async (t) => {
  const folder = join(t.testdir(), "deep", "folder");
  await publish(folder, FIRST);
  t.strictSame(filesOf(folder), { "index.bin": String(FIRST), "rejects.csv": "rejects", ...reportsOf(FIRST) });
});

await t.test("the index before stays as the previous one", async (t) => {
  const folder = t.testdir();
  for (const [index, rejects] of [
    [FIRST, "a"],
    [SECOND, "b"],
    [THIRD, "c"],
  ] as const)
    await publish(folder, index, rejects);
  t.strictSame(filesOf(folder), {
    "index.bin": String(THIRD),
    "index.previous.bin": String(SECOND),
    "rejects.csv": "c",
    ...reportsOf(THIRD),
  });
});

await t.test("the same index again leaves the previous one another, and has its own rejects", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  await publish(folder, SECOND);
  await publish(folder, SECOND, "other rejects");
  t.strictSame(filesOf(folder), {
    "index.bin": String(SECOND),
    "index.previous.bin": String(FIRST),
    "rejects.csv": "other rejects",
    ...reportsOf(SECOND),
  });
});

await t.test("an index that was damaged on disk is replaced, though its length is the same", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  writeFileSync(join(folder, "index.bin"), "THE FIRST INDEX");
  await publish(folder, FIRST);
  t.equal(filesOf(folder)["index.bin"], String(FIRST));
});

await t.test("one of the same beginning and another length is replaced", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  await publish(folder, Buffer.concat([FIRST, FIRST]));
  t.equal(filesOf(folder)["index.bin"], `${String(FIRST)}${String(FIRST)}`);
  await publish(folder, FIRST);
  t.equal(filesOf(folder)["index.bin"], String(FIRST));
});

await t.test("who has the published index open reads it to its end", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  // A second name for the same bytes stands for a reader that has opened the file.
  linkSync(join(folder, "index.bin"), join(folder, "opened"));
  await publish(folder, SECOND);
  await publish(folder, THIRD);
  t.equal(readFileSync(join(folder, "opened"), "utf8"), String(FIRST));
});

await t.test(
  "a build after a crash between keeping the previous index and replacing the current one goes on as ever",
  async (t) => {
    const folder = t.testdir();
    await publish(folder, FIRST);
    linkSync(join(folder, "index.bin"), join(folder, "index.previous.bin"));
    await publish(folder, SECOND);
    t.strictSame(filesOf(folder), {
      "index.bin": String(SECOND),
      "index.previous.bin": String(FIRST),
      "rejects.csv": "rejects",
      ...reportsOf(SECOND),
    });
  },
);

await t.test("a build that ends before it publishes leaves what was there, and nothing else", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  await publish(folder, SECOND);
  const before = filesOf(folder);
  const publication = await Publication.begin(folder);
  writeFileSync(publication.rejectsPath, "rejects of a build that failed");
  t.notSame(filesOf(folder), before);
  await publication.end();
  t.strictSame(filesOf(folder), before);
});

await t.test("an index that cannot be put in its place leaves nothing behind", async (t) => {
  const folder = t.testdir();
  // No file can be renamed over a folder.
  mkdirSync(join(folder, "index.bin"));
  await t.rejects(publish(folder, FIRST));
  t.strictSame(readdirSync(folder), ["index.bin"]);
});

await t.test(
  "an older index that cannot be kept stops the publication before the current one is replaced",
  async (t) => {
    const folder = t.testdir();
    await publish(folder, FIRST);
    mkdirSync(join(folder, "index.previous.bin"));
    await t.rejects(publish(folder, SECOND));
    t.equal(readFileSync(join(folder, "index.bin"), "utf8"), String(FIRST));
  },
);

await t.test("the files of a build lie in the folder that they are published to, under other names", async (t) => {
  const folder = t.testdir();
  const publication = await Publication.begin(folder);
  t.equal(publication.rejectsPath, join(folder, "rejects.csv.tmp"));
  await publication.end();
});

/** `Publication` on a file system that tells its steps. */
async function watched(
  t: Test,
  steps: string[],
  { link, copyFile }: Partial<Pick<typeof promises, "link" | "copyFile">> = {},
  mostSteps = Infinity,
): Promise<typeof Publication> {
  const tell = (...words: string[]): void => {
    if (steps.length === mostSteps) throw new Error("crash");
    steps.push(words.map((word) => basename(word)).join(" "));
  };
  const watching = {
    ...promises,
    link: (from: string, to: string) => {
      tell("link", from, to);
      return (link ?? promises.link)(from, to);
    },
    copyFile: copyFile ?? promises.copyFile,
    rename: (from: string, to: string) => {
      tell("rename", from, to);
      return promises.rename(from, to);
    },
    open: async (path: string, flags: string) => {
      const handle = await promises.open(path, flags);
      const write = handle.writeFile.bind(handle);
      handle.writeFile = (bytes) => {
        tell("write", path);
        return write(bytes);
      };
      const flush = handle.sync.bind(handle);
      handle.sync = () => {
        tell("flush", path);
        return flush();
      };
      return handle;
    },
  };
  const durable = new URL("../../../src/index/durable-files.js", import.meta.url).pathname;
  const mocked = await t.mockImport<typeof import("../../../build/write/publish.js")>(
    new URL("../../../build/write/publish.js", import.meta.url).pathname,
    {
      "node:fs/promises": watching,
      [durable]: await t.mockImport<object>(durable, { "node:fs/promises": watching }),
    },
  );
  return mocked.Publication;
}

await t.test(
  "all that needs room is flushed before anything is replaced, the index comes last, and the folder is flushed after it",
  async (t) => {
    const folder = t.testdir();
    await publish(folder, FIRST);
    const steps: string[] = [];
    await publish(folder, SECOND, "rejects", await watched(t, steps));
    t.strictSame(steps, [
      ...["write index.bin.tmp", "flush index.bin.tmp"],
      ...["write report.json.tmp", "flush report.json.tmp", "write report.html.tmp", "flush report.html.tmp"],
      "link index.bin index.previous.bin.tmp",
      "rename rejects.csv.tmp rejects.csv",
      "rename report.json.tmp report.json",
      "rename report.html.tmp report.html",
      "rename index.previous.bin.tmp index.previous.bin",
      "rename index.bin.tmp index.bin",
      `flush ${basename(folder)}`,
    ]);
  },
);

await t.test("on a file system without hard links the previous index is a copy", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  const unsupported = (): Promise<void> => Promise.reject(new Error("EPERM: operation not permitted, link"));
  await publish(folder, SECOND, "rejects", await watched(t, [], { link: unsupported }));
  t.strictSame(filesOf(folder), {
    "index.bin": String(SECOND),
    "index.previous.bin": String(FIRST),
    "rejects.csv": "rejects",
    ...reportsOf(SECOND),
  });
});

await t.test("a previous index that there is no room for stops the publication", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  const full = (): Promise<void> => Promise.reject(new Error("ENOSPC: no space left on device"));
  await t.rejects(publish(folder, SECOND, "other rejects", await watched(t, [], { link: full, copyFile: full })), {
    message: /^ENOSPC/,
  });
  t.strictSame(filesOf(folder), { "index.bin": String(FIRST), "rejects.csv": "rejects", ...reportsOf(FIRST) });
});

await t.test("what builds that were killed have left is removed by the next, and nothing else", async (t) => {
  const leftovers = ["index.bin", "index.previous.bin", "rejects.csv", "report.json", "report.html"];
  const folder = t.testdir({
    ...Object.fromEntries(leftovers.map((name) => [`${name}.tmp`, "half"])),
    ".build.lock": "4194304\n",
    "mine.tmp": "mine",
    "index.bin.bak": "mine",
  });
  const publication = await Publication.begin(folder);
  t.strictSame(readdirSync(folder).sort(), [".build.lock", "index.bin.bak", "mine.tmp"]);
  await publication.end();
  t.strictSame(readdirSync(folder).sort(), ["index.bin.bak", "mine.tmp"]);
});

await t.test("rolling back has the current and the previous index change places, and leaves the reports", async (t) => {
  const folder = t.testdir();
  await publish(folder, FIRST);
  await publish(folder, SECOND);
  const rollBack = async (by = Publication): Promise<void> => {
    const publication = await by.begin(folder);
    await publication.rollBack().finally(() => publication.end());
  };
  const steps: string[] = [];
  await rollBack(await watched(t, steps));
  t.strictSame(filesOf(folder), {
    "index.bin": String(FIRST),
    "index.previous.bin": String(SECOND),
    "rejects.csv": "rejects",
    ...reportsOf(SECOND),
  });
  t.strictSame(steps, [
    "link index.previous.bin index.bin.tmp",
    "link index.bin index.previous.bin.tmp",
    "rename index.bin.tmp index.bin",
    "rename index.previous.bin.tmp index.previous.bin",
    `flush ${basename(folder)}`,
  ]);
  await rollBack();
  t.equal(filesOf(folder)["index.bin"], String(SECOND));
});

await t.test(
  "a crash before any of the steps leaves the old index or the new one, and the next build goes on",
  async (t) => {
    for (let done = 0; ; done++) {
      const folder = t.testdir();
      await publish(folder, FIRST);
      await publish(folder, SECOND);
      const steps: string[] = [];
      const publication = await (await watched(t, steps, {}, done)).begin(folder);
      writeFileSync(publication.rejectsPath, "rejects");
      const crashed = await publication.publish({ index: [THIRD], report: "report", page: "page" }).then(
        () => false,
        (error: unknown) => String(error) === "Error: crash",
      );
      // All that a process that is gone does not hold any more.
      await (publication.lock as unknown as { readonly file: promises.FileHandle }).file.close();
      const isNew = steps.includes("rename index.bin.tmp index.bin");
      const after = steps.at(-1) ?? "nothing";
      t.equal(filesOf(folder)["index.bin"], String(isNew ? THIRD : SECOND), `after ${after}`);
      await publish(folder, FIRST);
      const { "index.bin": index, "index.previous.bin": previous } = filesOf(folder);
      t.strictSame([index, previous], [String(FIRST), String(isNew ? THIRD : SECOND)], `a build after ${after}`);
      t.strictSame(
        readdirSync(folder).filter((name) => name.endsWith(".tmp") || name.startsWith(".")),
        [],
      );
      if (!crashed) break;
    }
  },
);
