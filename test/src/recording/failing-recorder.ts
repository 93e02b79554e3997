/** Imported into a process that records: its recorder thread dies when there is the file FAIL, once for each. */
import { existsSync, rmSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env["FAIL"]!;

if (!isMainThread)
  setInterval(() => {
    if (!existsSync(file)) return;
    rmSync(file);
    throw new Error("an error of the test");
  }, 10).unref();
