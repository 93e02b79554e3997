/**
 * Imported into a process that records: its recorder thread dies when there is the file FAIL with the text "now", or,
 * with the text "commit", when conversions come. Once for each file.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { isMainThread, parentPort } from "node:worker_threads";

const file = process.env["FAIL"]!;

function dieIf(text: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) return;
  rmSync(file);
  throw new Error("an error of the test");
}

if (!isMainThread) {
  setInterval(() => {
    dieIf("now");
  }, 10).unref();
  parentPort!.on("message", ({ kind }: { kind: string }) => {
    if (kind === "commit") dieIf("commit");
  });
}
