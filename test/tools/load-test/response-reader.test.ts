import t from "tap";
import { ResponseReader } from "../../../tools/load-test/response-reader.js";

const HEADERS = "HTTP/1.1 200 OK\r\nDate: today\r\ncontent-length: 12\r\nX: y\r\n";
const RESPONSE = Buffer.from(`${HEADERS}\r\nHello world!`);
const CHUNKED = Buffer.from(
  "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nHello \r\n6;a=b\r\nworld!\r\n0\r\n\r\n",
);

for (const [name, bytes, status] of [
  ["with a length", RESPONSE, 200],
  ["in chunks", CHUNKED, 404],
] as const)
  await t.test(`a response ${name} is whole with its last byte, wherever it is cut`, (t) => {
    const reader = new ResponseReader();
    for (let first = 1; first < bytes.length; first++)
      for (let second = first + 1; second < bytes.length; second++) {
        // As a socket does, which reads into the same memory again.
        const memory = Buffer.alloc(bytes.length);
        const read = (from: number, to: number): ReturnType<ResponseReader["read"]> => {
          bytes.copy(memory, 0, from, to);
          return reader.read(memory.subarray(0, to - from));
        };
        if (read(0, first) !== undefined || read(first, second) !== undefined)
          t.fail(`whole before its end, cut at ${first} and ${second}`);
        const response = read(second, bytes.length);
        if (response?.status !== status || response.body.toString() !== "Hello world!")
          t.fail(`cut at ${first} and ${second}`);
      }
    t.equal(reader.read(bytes)?.body.toString(), "Hello world!", "in one piece");
    t.end();
  });

await t.test("headers are had as they came", (t) => {
  const reader = new ResponseReader();
  for (const which of ["first", "of the same shape"]) t.equal(reader.read(RESPONSE)?.headers, HEADERS, which);
  t.equal(reader.read(RESPONSE)?.closesConnection, false);
  const closing = Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  t.equal(new ResponseReader().read(closing)?.closesConnection, true);
  t.end();
});

await t.test("a response as long as the one before is looked at all the same", (t) => {
  const reader = new ResponseReader();
  const text = RESPONSE.toString();
  const read = (changed: string): string | undefined => reader.read(Buffer.from(changed))?.body.toString();
  t.equal(read(text), "Hello world!");
  t.equal(read(text.replace("today", "later")), "Hello world!", "other headers");
  t.equal(read(text.replace("length: 12", "length: 13")), undefined, "a body of another length");
  t.equal(read("!"), "Hello world!!");
  t.equal(read(text.replace("X: y", "X: yy").replace("world!", "world")), undefined, "longer headers");
  t.equal(read("!"), "Hello world!");
  t.equal(reader.read(Buffer.from(text.replace("200 OK", "500 OK")))?.status, 500);
  t.end();
});

await t.test("a response without a length ends with its connection, and one that may have no body before", (t) => {
  const reader = new ResponseReader();
  t.equal(reader.end(), undefined);
  t.equal(reader.read(Buffer.from("HTTP/1.1 200 OK\r\n\r\nHel")), undefined);
  t.equal(reader.read(Buffer.from("lo")), undefined);
  t.equal(reader.end()?.body.toString(), "Hello");
  t.equal(reader.read(Buffer.from("HTTP/1.1 304 Not Modified\r\nContent-Length: 12\r\n\r\n"))?.body.length, 0);
  t.equal(reader.read(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nno")), undefined);
  t.equal(reader.end(), undefined, "cut short");
  t.end();
});

await t.test("what is no response is an error", (t) => {
  const reading = (text: string) => () => new ResponseReader().read(Buffer.from(text));
  t.throws(reading("SSH-2.0-OpenSSH\r\n\r\n"), { message: /^no HTTP response: "SSH/ });
  t.throws(reading(`${HEADERS}\r\nHello world!H`), { message: "more bytes than Content-Length says" });
  t.throws(reading("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n"), {
    message: "a chunk without a size",
  });
  t.end();
});
