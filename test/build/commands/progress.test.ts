import t from "tap";
import { ProgressLine, readingText } from "../../../build/commands/progress.js";

await t.test("rows, rows a second, share of bytes and time left are told", (t) => {
  const text = (bytes: number, ofBytes: number, seconds: number): string =>
    readingText({ rows: 3_000_000, bytes }, ofBytes, seconds);
  t.equal(text(250, 1000, 2), "3,000,000 rows, 1,500,000 a second, 25 %, 6 s left");
  t.equal(text(999, 1000, 2), "3,000,000 rows, 1,500,000 a second, 99 %, 1 s left");
  t.equal(text(1000, 1000, 2), "3,000,000 rows, 1,500,000 a second, 100 %, 0 s left");
  t.equal(readingText({ rows: 3_000_000, bytes: 9 }, undefined, 2), "3,000,000 rows, 1,500,000 a second");
  t.equal(text(10, 1000, 3), "3,000,000 rows, 1,000,000 a second, 1 %, 4 min 57 s left");
  t.end();
});

await t.test("at the start, and where more was read than there is, it tells no nonsense", (t) => {
  t.equal(readingText({ rows: 0, bytes: 0 }, 1000, 0), "0 rows, 0 a second, 0 %");
  t.equal(readingText({ rows: 1, bytes: 0 }, 0, 1), "1 rows, 1 a second, 100 %, 0 s left");
  t.equal(readingText({ rows: 1, bytes: 1100 }, 1000, 1), "1 rows, 1 a second, 100 %, 0 s left");
  t.end();
});

await t.test("the line is drawn over itself, and taken away at the end", (t) => {
  const written: string[] = [];
  let now = 0;
  const line = new ProgressLine({ write: (text) => written.push(text) }, () => now);
  try {
    line.onStage("find");
    line.onStage("read", () => ({ rows: 10, bytes: 50 }), 100);
    now = 1000;
    line.draw();
    line.onStage("compile");
    line.note("by the way");
  } finally {
    line.end();
  }
  t.strictSame(written, [
    "\r\u001b[Klooking for files …",
    "\r\u001b[Kreading: 10 rows, 0 a second, 50 %, 0 s left",
    "\r\u001b[Kreading: 10 rows, 10 a second, 50 %, 1 s left",
    "\r\u001b[Kranking banners …",
    "\r\u001b[Kby the way\n",
    "\r\u001b[Kranking banners …",
    "\r\u001b[K",
  ]);
  t.end();
});
