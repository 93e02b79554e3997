import t from "tap";
import { AnswerReader } from "../../../bench/open-loop/answer-reader.js";

const HEAD = "HTTP/1.1 200 OK\r\nDate: today\r\ncontent-length: 12\r\nX: y\r\n\r\n";
const ANSWER = Buffer.from(`${HEAD}Hello world!`);

await t.test("an answer is whole with its last byte, wherever it is cut", (t) => {
  const reader = new AnswerReader();
  for (let first = 1; first < ANSWER.length; first++)
    for (let second = first + 1; second < ANSWER.length; second++) {
      // As a socket does, which reads into the same memory again.
      const memory = Buffer.alloc(ANSWER.length);
      const read = (from: number, to: number): boolean => {
        ANSWER.copy(memory, 0, from, to);
        return reader.read(memory.subarray(0, to - from));
      };
      const whole = [read(0, first), read(first, second), read(second, ANSWER.length)];
      if (whole.join() !== "false,false,true") t.fail(`cut at ${first} and ${second}: ${whole.join()}`);
    }
  t.equal(reader.read(ANSWER), true, "in one piece");
  t.end();
});

await t.test("an answer as long as the one before is looked at all the same", (t) => {
  const reader = new AnswerReader();
  const text = ANSWER.toString();
  t.equal(reader.read(ANSWER), true);
  t.equal(reader.read(Buffer.from(text.replace("today", "later"))), true, "other headers");
  t.equal(reader.read(Buffer.from(text.replace("length: 12", "length: 13"))), false, "a body of another length");
  t.equal(reader.read(Buffer.from("!")), true);
  t.equal(reader.read(Buffer.from(text.replace("X: y", "X: yy").replace("world!", "world"))), false, "a longer head");
  t.equal(reader.read(Buffer.from("!")), true);
  t.throws(() => reader.read(Buffer.from(text.replace("200 OK", "500 OK"))), { message: 'answered "HTTP/1.1 500 OK"' });
  t.end();
});

await t.test("what is no good answer is told of", (t) => {
  const reading = (text: string) => () => new AnswerReader().read(Buffer.from(text));
  t.throws(reading("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno\n"), {
    message: 'answered "HTTP/1.1 404 Not Found"',
  });
  t.throws(reading("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"), {
    message: "an answer without a Content-Length",
  });
  t.throws(reading(`${HEAD}Hello world!H`), { message: "an answer is longer than its Content-Length" });
  t.end();
});
