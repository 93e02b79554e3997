import t from "tap";
import { utf8 } from "../../../build/read/encoding.js";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(Buffer.from(bytes.subarray(at, at + size)));
}

async function decoded(bytes: Uint8Array, size = bytes.length + 1): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of utf8(inPieces(bytes, size))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

const littleEndian = (text: string): Buffer => Buffer.from(text, "utf16le");
const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

const ENCODINGS = [(text: string): Buffer => Buffer.from(text), littleEndian, bigEndian];

const TEXT = 'note,banner_id,campaign_id\n"zwölf €\r\n😀",1,2\n';

await t.test(
  "UTF-8 and UTF-16 of both orders are one text, with a byte-order mark or without, in pieces of any size",
  async (t) => {
    const long = TEXT + "é😀,1,2\n".repeat(20_000);
    for (const text of [TEXT, long])
      for (const encode of ENCODINGS)
        for (const mark of ["", "\uFEFF"])
          for (const size of text === TEXT ? [1, 2, 3, 7, 1000] : [9999, 65_537])
            t.ok(
              (await decoded(encode(mark + text), size)) === text,
              `${ENCODINGS.indexOf(encode)} ${mark.length} ${size}`,
            );
  },
);

await t.test("only the first character of a text is a byte-order mark", async (t) => {
  for (const encode of ENCODINGS) t.equal(await decoded(encode(`\uFEFF\uFEFF${TEXT}\uFEFF`)), `\uFEFF${TEXT}\uFEFF`);
});

await t.test("bytes that are no UTF-8 stay as they are", async (t) => {
  const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x00, 0xc3, 0x0a]);
  const chunks: Buffer[] = [];
  for await (const chunk of utf8(inPieces(bytes, 2))) chunks.push(Buffer.from(chunk));
  t.ok(Buffer.concat(chunks).equals(bytes));
});

await t.test("a text whose lines all end with CR gets line feeds", async (t) => {
  const long = `a,b\r${"1,2\r".repeat(40_000)}`;
  for (const [text, expected] of [
    ["a,b\r1,2\r", "a,b\n1,2\n"],
    ["\r\ra,b\r1,2", "\n\na,b\n1,2"],
    ['"a\nb",c\r1,2\r', '"a\nb",c\n1,2\n'],
    ["a,b\r", "a,b\n"],
    [long, long.replaceAll("\r", "\n")],
  ] as const)
    for (const encode of ENCODINGS)
      t.ok((await decoded(encode(text), 70_001)) === expected, JSON.stringify(text.slice(0, 20)));
});

await t.test("a CR in a text whose first line ends otherwise stays", async (t) => {
  for (const text of ["a,b\n1\r,2\n", "a,b\r\n1\r,2\r\n", "a,b\r\r\n1,2\r\r\n", '"a\rb",c\n1,2\n', "a,b", ""])
    t.equal(await decoded(Buffer.from(text)), text);
});
