import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import { LineWriter, MAX_WAITING_BYTES } from "../../../src/log/line-writer.js";

/** An output that takes so many bytes more, and then throws an error of this code. */
class FakeOutput {
  text = "";
  room = Number.POSITIVE_INFINITY;
  code = "ENOSPC";
  readonly writer = new LineWriter(
    (bytes) => {
      if (this.room === 0) throw Object.assign(new Error("no room"), { code: this.code });
      const written = Math.min(this.room, bytes.length);
      this.room -= written;
      this.text += Buffer.from(bytes.subarray(0, written)).toString();
      return written;
    },
    (dropped) => {
      this.writer.write(`${dropped} dropped\n`);
    },
  );
}

await t.test("a full disk costs the lines that come meanwhile, and a line that was begun is finished", (t) => {
  const output = new FakeOutput();
  const { writer } = output;
  writer.write("first\n");
  output.room = 3;
  writer.write("second\n");
  writer.write("third\n");
  writer.write("fourth\n");
  t.equal(output.text, "first\nsec");
  t.equal(writer.dropped, 2);
  output.room = Number.POSITIVE_INFINITY;
  writer.write("fifth\n");
  writer.write("sixth\n");
  t.equal(output.text, "first\nsecond\nfifth\n2 dropped\nsixth\n");
  t.equal(writer.dropped, 2);
  t.end();
});

await t.test("a notice that is dropped itself is said with the next", (t) => {
  const output = new FakeOutput();
  const { writer } = output;
  output.room = 0;
  writer.write("first\n");
  output.room = "second\n".length;
  writer.write("second\n");
  t.equal(writer.dropped, 2, "the notice counts");
  output.room = Number.POSITIVE_INFINITY;
  writer.write("third\n");
  t.equal(output.text, "second\nthird\n2 dropped\n");
  t.end();
});

await t.test("while nobody reads, lines wait up to a bound, and go on in order by themselves", async (t) => {
  const output = new FakeOutput();
  const { writer } = output;
  output.code = "EAGAIN";
  output.room = 2;
  const line = `${"x".repeat(99_999)}\n`;
  for (let count = 1; count <= 15; count++) writer.write(line);
  const fitting = Math.floor((MAX_WAITING_BYTES + 2) / line.length);
  t.equal(writer.dropped, 15 - fitting);
  t.equal(output.text, "xx");
  output.room = Number.POSITIVE_INFINITY;
  while (!output.text.endsWith("dropped\n")) await sleep(1);
  t.equal(output.text, `${line.repeat(fitting)}${15 - fitting} dropped\n`);
});

await t.test("a reader that leaves while lines wait takes them with it", (t) => {
  const output = new FakeOutput();
  output.room = 0;
  output.code = "EAGAIN";
  output.writer.write("first\n");
  output.writer.write("second\n");
  output.code = "EPIPE";
  output.writer.flush();
  t.equal(output.writer.dropped, 2);
  t.end();
});

await t.test("a flush waits for a slow reader, and only for a moment, and once, for one that stands still", (t) => {
  const output = new FakeOutput();
  output.room = 0;
  output.code = "EAGAIN";
  output.writer.write("first\n");
  const start = performance.now();
  output.writer.flush();
  output.writer.flush();
  const ms = performance.now() - start;
  t.ok(ms >= 250 && ms < 590, `${ms} ms: one wait, not two`);
  output.room = Number.POSITIVE_INFINITY;
  output.writer.flush();
  t.equal(output.text, "first\n");
  t.end();
});
