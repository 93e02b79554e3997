/** Requests as nobody should send them: from a seed, so that each can be sent again. */
import { seededRandom } from "../seeded-random.js";

type Random = () => number;

export interface MalformedRequest {
  /** What was done to it. */
  readonly kind: string;
  /** Latin-1: a character a byte. */
  readonly text: string;
  /** Where it is cut into pieces: ascending places in the text. */
  readonly cuts: readonly number[];
  /** Whether our side of the connection stays open behind it. */
  readonly leftOpen: boolean;
}

/** Beyond this, byte by byte takes more turns of the event loop than it finds. */
const MOST_BYTE_BY_BYTE = 400;

const pick = <Value>(random: Random, values: readonly Value[]): Value => values[Math.floor(random() * values.length)]!;
const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1));
const bytes = (random: Random, most: number): string =>
  String.fromCharCode(...Array.from({ length: upTo(random, most) }, () => upTo(random, 255)));
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

const GOOD_TARGETS = ["/campaigns/1", "/campaigns/1/?utm=x", "/campaigns/banners/image_100.svg", "/campaigns/7", "/"];
const METHODS = ["", "get", "G@T", "GE T", "G\0T", "G\r\nET", " GET", "\tGET", "\xff\xfe", "CONNECT", "PRI", "G:ET"];
const TARGETS = [
  "",
  "*",
  "/*",
  "http://test/campaigns/1",
  "HTTP://test:80/campaigns/1?x",
  "test:443",
  "//campaigns//1",
  "/../../etc/passwd",
  "/campaigns/1 /campaigns/7",
  "/campaigns/\0",
  "/campaigns/1\0",
  "/camp\taigns/1",
  "/campaigns/1\r",
  "/campaigns/1\n",
  "/campaigns/1\x0b\x7f",
  "/campaigns/%00%zz%%25%",
  "/campaigns/%31",
  "/campaigns/%c0%af..%5c",
  utf8("/campaigns/é€😀"),
  "/campaigns/\xff\xfe\xc0",
  "/campaigns/18446744073709551617",
  "/campaigns/-1",
  "/campaigns/banners/image_.svg",
  "/campaigns/banners/image_100.svg\0.png",
  "/?" + "a=b&".repeat(50),
  "?",
  "#",
  "campaigns/1",
];
const VERSIONS = [
  "",
  "HTTP/1.0",
  "HTTP/0.9",
  "HTTP/2.0",
  "HTTP/1.11",
  "HTTP/1.1 ",
  "http/1.1",
  "HTTP/1,1",
  "HTTP/1.1\0",
];
const MORE_VERSIONS = [
  "HTTP/",
  "HTTP/-1.1",
  "HTTPS/1.1",
  "HTTP/1.1 HTTP/1.1",
  "RTSP/1.0",
  "\xff",
  "HTTP/1.1\t",
  "HTTP",
];
const HEADERS = [
  "no colon",
  "Space : before",
  "Fold: a\r\n b",
  "Fold: a\r\n\tb",
  " leading: space",
  ": no name",
  ":",
  "Nul: a\0b",
  "N\0l: a",
  "Return: a\rb",
  "Feed: a\nb",
  "Feed: a\nContent-Length: 5",
  "Control: \x01\x1f\x7f",
  "High: \x80\xff",
  utf8("Übung: é"),
  "(comment): x",
  "Host: other",
  "host:",
  "Host : test",
  "Expect: 100-continue",
  "Expect: nonsense",
  "Connection: close",
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13",
  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA",
  "Cookie: last_banner=",
  "Cookie: last_banner=99999999999999999999; last_banner=\xff; =; ;;",
  "Cookie: " + "last_banner=100; ".repeat(60),
  'If-None-Match: "',
  'If-None-Match: *, "x", W/"\xff',
  "Range: bytes=-1,5-2,0-18446744073709551616",
];
const LENGTHS = [
  "0",
  "5",
  "38",
  "-1",
  "+5",
  "0x5",
  "5, 5",
  "5,6",
  "5 5",
  "",
  " ",
  "1e1",
  "5.0",
  utf8("٥"),
  "999999999999999999",
];
const MORE_LENGTHS = [
  "99999999999999999999",
  "18446744073709551616",
  "18446744073709551621",
  "4294967301",
  "\0",
  "00005",
];
const CODINGS = [
  "chunked",
  "Chunked",
  "identity",
  "gzip",
  "gzip, chunked",
  "chunked, gzip",
  "chunked, chunked",
  "xchunked",
];
const MORE_CODINGS = ["", "\tchunked", "chunked;q=1", '"chunked"', "chunked\0", "chunked\x0b", "chu\r\n nked"];
const CHUNK_SIZES = ["0", "5", "5;a=b", "5 ", " 5", "0x5", "-5", "+5", "g", ":", "", "00000000000000005", "ffffffff"];
const MORE_CHUNK_SIZES = [
  "fffffffffffffffe",
  "ffffffffffffffff",
  "10000000000000005",
  "7fffffffffffffff",
  "5\n",
  "5\r",
  "\0",
];
const SMUGGLED = "GET /campaigns/7 HTTP/1.1\r\nHost: test\r\n\r\n";
const OTHER_PROTOCOLS = [
  // A TLS 1.2 ClientHello as far as its cipher suites.
  "\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + "\x5a".repeat(32) + "\x00\x00\x04\x13\x01\x13\x02\x01\x00",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
  "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET /campaigns/1 HTTP/1.1\r\nHost: test\r\n\r\n",
  "\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x00\x01\x00\x02" + SMUGGLED,
  "\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
  "SSH-2.0-OpenSSH_9.9\r\n",
  "\x05\x01\x00",
  "*1\r\n$4\r\nPING\r\n",
  "EHLO test\r\nMAIL FROM:<a@test>\r\n",
  "<policy-file-request/>\0",
  "\x81\x85\x00\x00\x00\x00hello",
  "\r\n",
  "\n\n\n",
  "\0",
];

interface Parts {
  method: string;
  target: string;
  version: string;
  headers: string[];
  body: string;
}

function goodParts(random: Random): Parts {
  const headers = ["Host: test", "User-Agent: fuzz", "Cookie: a=b; last_banner=100", "If-None-Match: *", "Accept: */*"];
  return {
    method: random() < 0.2 ? "HEAD" : "GET",
    target: pick(random, GOOD_TARGETS),
    version: "HTTP/1.1",
    headers: headers.slice(0, 1 + upTo(random, headers.length - 1)),
    body: "",
  };
}

function textOf({ method, target, version, headers, body }: Parts): string {
  return `${method} ${target} ${version}\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n${body}`;
}

/** A good request with its parts altered. */
function altered(alter: (parts: Parts, random: Random) => void): (random: Random) => string {
  return (random) => {
    const parts = goodParts(random);
    alter(parts, random);
    return textOf(parts);
  };
}

function insert({ headers }: Parts, random: Random, line: string): void {
  headers.splice(upTo(random, headers.length), 0, line);
}

function chunkedBody(random: Random): string {
  const sizes = Array.from({ length: 1 + upTo(random, 2) }, () => pick(random, [...CHUNK_SIZES, ...MORE_CHUNK_SIZES]));
  const end = pick(random, ["0\r\n\r\n", "0\r\nTrailer: x\r\n\r\n", "0\n\r\n", "0\r\n", "", "0;\r\n\r\n"]);
  return sizes.map((size) => `${size}\r\n${pick(random, ["hello\r\n", "hello", "hel\r\n", "hello\n"])}`).join("") + end;
}

const KINDS: Readonly<Record<string, (random: Random) => string>> = {
  method: altered((parts, random) => {
    parts.method = random() < 0.2 ? "G".repeat(upTo(random, 40_000)) : pick(random, METHODS);
  }),
  target: altered((parts, random) => {
    parts.target = pick(random, TARGETS);
    if (random() < 0.2)
      parts.target = `/campaigns/${pick(random, ["1", "%", "\xff", "/", "?"]).repeat(upTo(random, 40_000))}`;
  }),
  version: altered((parts, random) => {
    parts.version = pick(random, [...VERSIONS, ...MORE_VERSIONS]);
  }),
  header: altered((parts, random) => {
    for (let count = 1 + upTo(random, 2); count > 0; count--) insert(parts, random, pick(random, HEADERS));
    if (random() < 0.1) parts.headers.shift();
  }),
  "line ends": (random) =>
    textOf(goodParts(random)).replaceAll("\r\n", pick(random, ["\n", "\r", "\n\r", "\r\r\n", "\0"])),
  "large headers": altered((parts, random) => {
    if (random() < 0.5) insert(parts, random, `Large: ${"x".repeat(upTo(random, 100_000))}`);
    else for (let count = upTo(random, 3000); count > 0; count--) parts.headers.push(`H${count}: x`);
  }),
  lengths: altered((parts, random) => {
    parts.method = pick(random, ["GET", "POST", "HEAD"]);
    const length = (): string => `Content-Length: ${pick(random, [...LENGTHS, ...MORE_LENGTHS])}`;
    const coding = (): string => `Transfer-Encoding: ${pick(random, [...CODINGS, ...MORE_CODINGS])}`;
    const lines = pick(random, [
      [length()],
      [length(), length()],
      [length(), coding()],
      [coding()],
      [coding(), coding()],
      [": x", length()],
      [length().replace(":", " :")],
    ]);
    for (const line of lines) insert(parts, random, line);
    parts.body = pick(random, ["", "hello", chunkedBody(random)]) + SMUGGLED;
  }),
  body: altered((parts, random) => {
    parts.body = bytes(random, 2000);
    insert(parts, random, `Content-Length: ${upTo(random, 2) * 500 + upTo(random, 1) * parts.body.length}`);
  }),
  pipelined: (random) => {
    const kinds = Object.values(KINDS).filter((kind) => kind !== KINDS["pipelined"]);
    const one = (): string => (random() < 0.6 ? textOf(goodParts(random)) : pick(random, kinds)(random));
    return Array.from({ length: 2 + upTo(random, 4) }, one).join("");
  },
  "another protocol": (random) => pick(random, OTHER_PROTOCOLS),
  "random bytes": (random) => bytes(random, 1000),
  "one byte": (random) => {
    const text = textOf(goodParts(random));
    const at = upTo(random, text.length - 1);
    const byte =
      random() < 0.5
        ? pick(random, ["\0", "\t", "\n", "\r", " ", ":", "/", "%"])
        : String.fromCharCode(upTo(random, 255));
    const [before, after] = [text.slice(0, at), text.slice(at + 1)];
    return pick(random, [before + byte + after, before + byte + text.slice(at), before + after, before]);
  },
};

/** How a request went out, and with it all that it takes to send it again. */
export function describe({ kind, text, cuts, leftOpen }: MalformedRequest): string {
  const shown = text.length > 3000 ? `${text.slice(0, 3000)}… ${text.length} bytes` : text;
  return `${kind}, ${leftOpen ? "left open" : "half-closed"}, cut at [${cuts.join()}]: ${JSON.stringify(shown)}`;
}

export const KIND_NAMES = Object.keys(KINDS);

/** The request of this number: each has a generator of its own, so that it can be made without those before it. */
export function malformedRequest(seed: number, number: number): MalformedRequest {
  const random = seededRandom(seed * 1_000_003 + number);
  const kind = KIND_NAMES[number % KIND_NAMES.length]!;
  const text = KINDS[kind]!(random);
  return { kind, text, cuts: cutsOf(text, random), leftOpen: random() < 0.1 };
}

/**
 * Half of them whole, one in six byte by byte, the rest in a few pieces. Most only behind the first line: the server
 * refuses one that it gets in pieces, and then looks at nothing behind it.
 */
function cutsOf(text: string, random: Random): number[] {
  const way = random();
  if (way < 0.5) return [];
  const first = random() < 0.8 ? text.indexOf("\n") + 1 : 1;
  const room = text.length - first;
  if (room <= 0) return [];
  if (way < 2 / 3 && text.length <= MOST_BYTE_BY_BYTE) return Array.from({ length: room }, (_, at) => first + at);
  const cuts = Array.from({ length: 1 + upTo(random, 4) }, () => first + upTo(random, room));
  return cuts.sort((one, other) => one - other);
}

export function piecesOf({ text, cuts }: MalformedRequest): Buffer[] {
  const whole = Buffer.from(text, "latin1");
  return [0, ...cuts].map((start, piece) => whole.subarray(start, cuts[piece] ?? whole.length));
}
