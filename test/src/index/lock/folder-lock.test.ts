import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { FileLock } from "../../../../src/index/lock/file-lock.js";
import { FolderBusyError, LOCK_FILE } from "../../../../src/index/lock/folder-busy.js";
import { lockFolder } from "../../../../src/index/lock/folder-lock.js";

const MODULE = join(import.meta.dirname, "../../../../src/index/lock/folder-lock.js");

/** Another process that takes the lock, says so, and holds it until it is killed. */
async function holder(folder: string): Promise<{ pid: number; kill: () => Promise<void> }> {
  const program = `
    import { lockFolder } from ${JSON.stringify(`file://${MODULE}`)};
    await lockFolder(${JSON.stringify(folder)});
    process.stdout.write("taken");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return {
    pid: child.pid!,
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

await t.test("who has the lock keeps others out, and leaves nothing behind", async (t) => {
  const folder = t.testdir();
  const lock = await lockFolder(folder);
  t.equal(readFileSync(join(folder, LOCK_FILE), "utf8"), `${process.pid}\n`);
  await t.rejects(lockFolder(folder), {
    name: "FolderBusyError",
    message: `${folder}: another build or pull (process ${process.pid}) is running there: wait until it ends, and start again`,
  });
  await lock.release();
  t.strictSame(readdirSync(folder), []);
  await (await lockFolder(folder)).release();
});

await t.test("who releases the lock of a folder that was removed leaves that of its successor", async (t) => {
  const folder = join(t.testdir({ out: {} }), "out");
  const lock = await lockFolder(folder);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const successor = await lockFolder(folder);
  await lock.release();
  await t.rejects(lockFolder(folder), { name: "FolderBusyError" });
  await successor.release();
  t.strictSame(readdirSync(folder), []);
});

await t.test("another process is kept out, and named, until it is killed", async (t) => {
  const folder = t.testdir();
  const { pid, kill } = await holder(folder);
  try {
    const refusal: unknown = await lockFolder(folder).catch((error: unknown) => error);
    t.ok(refusal instanceof FolderBusyError);
    t.match(refusal, { message: `another build or pull (process ${pid}) is running` });
  } finally {
    await kill();
  }
  t.strictSame(readdirSync(folder), [LOCK_FILE], "it could not remove its lock");
  await (await lockFolder(folder)).release();
  t.strictSame(readdirSync(folder), []);
});

await t.test("a lock file that nobody holds is no lock, whatever it says", async (t) => {
  const folder = t.testdir();
  for (const text of ["", "1\n", `${process.pid}\n`, "nonsense"]) {
    writeFileSync(join(folder, LOCK_FILE), text);
    await (await lockFolder(folder)).release();
  }
  t.strictSame(readdirSync(folder), []);
});

for (const [name, take] of [
  ["the system's lock", lockFolder],
  ["a file", (folder: string) => Promise.resolve().then(() => FileLock.take(folder))],
] as const)
  await t.test(`${name}: of many who ask at once one has it at a time, told of by the file there`, async (t) => {
    const folder = t.testdir();
    let holding = 0;
    let taken = 0;
    const ask = async (): Promise<void> => {
      for (let turn = 0; turn < 50; turn++) {
        const lock = await take(folder).catch((error: unknown) => {
          if (error instanceof FolderBusyError) return undefined;
          throw error;
        });
        if (lock === undefined) continue;
        taken++;
        if (++holding > 1) throw new Error("two have the lock");
        await new Promise(setImmediate);
        if (readdirSync(folder).join() !== LOCK_FILE) throw new Error("the file of the lock is gone");
        holding--;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, ask));
    t.ok(taken > 0);
    t.strictSame(readdirSync(folder), []);
  });

await t.test("a folder that cannot be written to is told with its path", async (t) => {
  const folder = join(t.testdir(), "gone");
  await t.rejects(lockFolder(folder), { code: "ENOENT", path: join(folder, LOCK_FILE) });
});
