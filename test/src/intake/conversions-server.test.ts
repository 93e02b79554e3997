import { setImmediate } from "node:timers/promises";
import t from "tap";
import { MAX_BODY } from "../../../src/intake/conversion-request.js";
import { ConversionsServer } from "../../../src/intake/conversions-server.js";
import { RecordingUnavailableError } from "../../../src/recording/unavailable.js";
import { Connection } from "../server/connection.js";
import { JSON_HEADERS, startConversions } from "./running-conversions.js";

const TOKEN = "a-token-of-the-tests";
const FORM_HEADERS = { "Content-Type": "application/x-www-form-urlencoded" };
const ONE = '{"conversion_id":"o-1","click_id":"00ff","revenue":12.5}';
const ROW = { conversionId: "o-1", clickId: "00ff", revenue: "12.500000" };

/** With a body of so many bytes. */
function padded(length: number): string {
  const start = `${ONE.slice(0, -1)},"x":"`;
  return `${start}${"x".repeat(length - start.length - 2)}"}`;
}

const lines = (...texts: string[]): string => `${texts.join("\r\n")}\r\n\r\n`;
const START = ["POST /conversions HTTP/1.1", "Host: test", "Content-Type: application/json"];

/** Kept until it is let go, and then resolved. */
class Held {
  calls = 0;
  #release: () => void = () => undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  readonly record = (): Promise<void> => {
    this.calls++;
    return this.#released;
  };

  async until(calls: number): Promise<void> {
    while (this.calls < calls) await setImmediate();
  }

  release(): void {
    this.#release();
  }
}

await t.test("one as JSON, one as a form and a batch are recorded, a call each, and confirmed", async (t) => {
  const { post, recorded, server } = await startConversions(t);
  const answer = await post(ONE);
  t.match(answer, { status: 202, body: { recorded: 1 } });
  t.match(answer.headers, { "content-type": "application/json", "cache-control": "no-store" });
  t.same((await post("conversion_id=o%2C1&click_id=%22&revenue=-.5", FORM_HEADERS)).status, 202);
  t.match(await post(`[${ONE},${ONE.replace("o-1", "o-2")}]`, JSON_HEADERS, "/conversions?x=1"), {
    status: 202,
    body: { recorded: 2 },
  });
  t.strictSame(recorded, [
    [ROW],
    [{ conversionId: "o,1", clickId: '"', revenue: "-0.500000" }],
    [ROW, { ...ROW, conversionId: "o-2" }],
  ]);
  t.same([...server.replies], [[202, 3]]);
});

await t.test("a batch of 1000 is recorded in its order, and one of 1001 is not", async (t) => {
  const { post, recorded } = await startConversions(t);
  const rows = Array.from({ length: 1001 }, (_, at) => ({ conversion_id: at + 1, click_id: `c${at}`, revenue: at }));
  t.match(await post(JSON.stringify(rows.slice(0, 1000))), { status: 202, body: { recorded: 1000 } });
  t.same(
    recorded[0]!.map(({ conversionId }) => conversionId),
    rows.slice(0, 1000).map(({ conversion_id }) => String(conversion_id)),
  );
  t.match(await post(JSON.stringify(rows)), { status: 400, body: { error: /^a batch of 1001 conversions/ } });
  t.equal(recorded.length, 1);
});

await t.test("a malformed one is refused with its reason, and nothing of its batch is recorded", async (t) => {
  const { post, recorded, errors } = await startConversions(t);
  const batch = `[${ONE},${ONE},${ONE.replace("12.5", "1e21")},${ONE}]`;
  const reason = 'revenue is "1e21", expected a decimal number of at most six decimals: write it without an exponent';
  const answer = await post(batch);
  t.strictSame([answer.status, answer.body], [400, { error: `row 3: ${reason}`, row: 3, field: "revenue" }]);
  for (const [revenue, part] of [
    ["0.1234567", "round it to six decimals"],
    ["1.0000000000000000001", "round it to six decimals"],
    ['"1,000.5"', "separators of thousands"],
  ] as const) {
    const { status, body } = await post(ONE.replace("12.5", revenue));
    t.match([status, body], [400, { error: new RegExp(part), field: "revenue" }], revenue);
    t.notOk("row" in body, "there are no rows");
  }
  t.match(await post('{"conversion_id":"a","conversion_id":"a","click_id":"b","revenue":1}'), {
    status: 400,
    body: { error: "conversion_id is there 2 times", field: "conversion_id" },
  });
  t.match(await post("conversion_id=a&click_id=b", FORM_HEADERS), {
    status: 400,
    body: { error: "revenue is missing" },
  });
  t.match(await post(""), { status: 400, body: { error: "no JSON at character 1: expected a value" } });
  t.match(await post(Buffer.from([0x22, 0xff, 0x22])), { status: 400, body: { error: "the body is no UTF-8" } });
  t.same([recorded, errors], [[], []]);
  t.equal((await post(`\ufeff${ONE}`)).status, 202, "a byte-order mark is no part of the text");
});

await t.test("what is no conversion is told from what is none here", async (t) => {
  const { post, send, recorded } = await startConversions(t, { token: TOKEN });
  const BEARER = { Authorization: `Bearer ${TOKEN}` };
  for (const path of ["/", "/conversions/", "/Conversions", "//conversions"])
    t.match(await post(ONE, { ...JSON_HEADERS, ...BEARER }, path), { status: 404, body: { error: /\/conversions/ } });
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS"])
    t.match(await send(method, "/conversions", BEARER), { status: 405, headers: { allow: "POST" } }, method);
  t.equal((await send("HEAD", "/conversions", BEARER)).status, 405);
  for (const browser of [{ Origin: "null" }, { "Sec-Fetch-Site": "same-origin" }])
    t.match(await post(ONE, { ...JSON_HEADERS, ...BEARER, ...browser }), { status: 403 }, JSON.stringify(browser));
  for (const type of [
    "",
    "text/plain",
    "application/jsonp",
    "application/json; charset=utf-16",
    'application/json; charset="latin1"',
    "application/x-www-form-urlencoded;charset=windows-1252",
    "multipart/form-data; boundary=x",
  ])
    t.match(await post(ONE, { ...BEARER, "Content-Type": type }), { status: 415, body: { error: /UTF-8$/ } }, type);
  t.match(await post(ONE, { ...BEARER, ...JSON_HEADERS, "Content-Encoding": "gzip" }), { status: 415 });
  t.same(recorded, []);
  for (const type of [
    "Application/JSON",
    'application/json; charset="UTF-8"',
    "application/json ;charset=us-ascii;v=1",
  ])
    t.equal((await post(ONE, { ...BEARER, "Content-Type": type })).status, 202, type);
});

await t.test("who does not have the token is not heard, and keeps nobody of the same address out", async (t) => {
  const { post, recorded, port } = await startConversions(t, { token: TOKEN });
  const by = (Authorization: string): Promise<number> =>
    post(ONE, { ...JSON_HEADERS, Authorization }).then(({ status }) => status);
  const refused = await post(ONE);
  t.match(refused, { status: 401, body: { error: /Authorization: Bearer TOKEN/ } });
  t.equal(refused.headers["www-authenticate"], 'Bearer realm="billboard"');
  for (const sent of [TOKEN, `Basic ${TOKEN}`, "Bearer"]) t.equal(await by(sent), 401, sent);
  for (let tries = 0; tries < 20; tries++) t.equal(await by(`Bearer ${TOKEN}0`), 401);
  t.match(await post(ONE, { ...JSON_HEADERS, Authorization: "Bearer another" }), {
    body: { error: /is not the token/ },
  });
  t.same(recorded, []);
  t.equal(await by(`Bearer ${TOKEN}`), 202);

  const connection = await Connection.open(port);
  connection.socket.write(lines(...START, `Content-Length: ${MAX_BODY}`) + padded(MAX_BODY));
  t.equal((await connection.answer()).status, 401);
  connection.socket.write(lines(...START, `Authorization: Bearer ${TOKEN}`, `Content-Length: ${ONE.length}`) + ONE);
  t.equal((await connection.answer()).status, 202, "a body that nobody asked for is passed over");
  connection.socket.destroy();
});

await t.test("bodies have a length, which is at most 1 MB", async (t) => {
  const { post, port, recorded, errors } = await startConversions(t);
  t.match(await post(padded(MAX_BODY)), { status: 202 });
  t.match(await post(padded(MAX_BODY + 1)), {
    status: 413,
    body: { error: /1000001 bytes, expected at most 1000000/ },
  });
  const unknown = await Connection.open(port);
  unknown.socket.write(
    `${lines(...START, "Transfer-Encoding: chunked")}${ONE.length.toString(16)}\r\n${ONE}\r\n0\r\n\r\n`,
  );
  t.equal((await unknown.answer()).status, 411);
  unknown.send("GET /nothing HTTP/1.1");
  t.equal((await unknown.answer()).status, 404, "the connection goes on");
  unknown.socket.destroy();
  const none = await Connection.open(port);
  none.socket.write(lines(...START));
  t.equal((await none.answer()).status, 411);
  none.socket.destroy();

  for (const framing of [`Content-Length: ${2 ** 40}`, "Transfer-Encoding: chunked"]) {
    const huge = await Connection.open(port);
    huge.socket.write(lines(...START, framing) + "ffffffff\r\n");
    const chunk = Buffer.alloc(2 ** 16, "x");
    let sent = 0;
    for (; !huge.socket.destroyed && sent < 2 ** 28; sent += chunk.length)
      await new Promise((resolve) => huge.socket.write(chunk, resolve));
    await huge.closed;
    t.ok(sent < 2 ** 28, "it is cut");
    t.match(huge.rest, /^HTTP\/1\.1 41[13] /, "and had its answer before");
  }
  t.equal(recorded.length, 1);
  t.same(errors, []);
});

await t.test("a body that comes too slowly is cut, and one that comes in pieces is not", async (t) => {
  const timeouts = { headersTimeout: 300, requestTimeout: 300, keepAliveTimeout: 10_000 };
  const slow = await startConversions(t, { timeouts });
  const cut = await Connection.open(slow.port);
  cut.socket.write(lines(...START, `Content-Length: ${ONE.length}`) + ONE.slice(0, -1));
  await cut.closed;
  t.match(cut.rest, /^(HTTP\/1\.1 408 |$)/);

  const { port, recorded, errors } = await startConversions(t);
  const pieces = await Connection.open(port);
  pieces.socket.setNoDelay(true);
  for (const piece of lines(...START, `Content-Length: ${ONE.length}`) + ONE) {
    pieces.socket.write(piece);
    await setImmediate();
  }
  t.equal((await pieces.answer()).status, 202);
  pieces.socket.destroy();
  t.same([slow.recorded, slow.errors, recorded, errors], [[], [], [[ROW]], []]);
});

await t.test("where a request ends is never in doubt", async (t) => {
  const { port, recorded, errors } = await startConversions(t);
  for (const headers of [
    ["Content-Length: 5", `Content-Length: ${ONE.length}`],
    [`Content-Length: ${ONE.length}`, "Transfer-Encoding: chunked"],
    ["Content-Length: -1"],
    ["Content-Length: 0x10"],
    ["Content-Length: 99999999999999999999999"],
  ]) {
    const connection = await Connection.open(port);
    connection.socket.write(lines(...START, ...headers) + ONE);
    t.equal((await connection.answer()).status, 400, headers.join(", "));
    await connection.closed;
  }
  t.same(recorded, []);
  const connection = await Connection.open(port);
  const request = lines(...START, `Content-Length: ${ONE.length}`) + ONE;
  connection.socket.write(request + request + lines("GET /conversions HTTP/1.1", "Host: test") + request);
  for (const status of [202, 202, 405, 202]) t.equal((await connection.answer()).status, status);
  connection.socket.write(request);
  t.equal((await connection.answer()).status, 202);
  connection.socket.write("x");
  t.equal((await connection.answer()).status, 400, "what is behind a body is another request");
  await connection.closed;
  t.equal(recorded.length, 4);
  t.same(errors, []);
});

await t.test("it is confirmed when it is durable, and not before", async (t) => {
  const held = new Held();
  const { post, send, recorded } = await startConversions(t, { record: held.record });
  let isConfirmed = false;
  const confirmed = post(ONE).then((answer) => {
    isConfirmed = true;
    return answer;
  });
  await held.until(1);
  for (let others = 0; others < 5; others++) t.equal((await send("GET", "/nothing")).status, 404);
  t.notOk(isConfirmed);
  held.release();
  t.equal((await confirmed).status, 202);
  t.same(recorded, [[ROW]]);
});

await t.test("where it cannot be recorded it is not confirmed, and may be sent again", async (t) => {
  let failure: Error | undefined = new RecordingUnavailableError("the disk is full");
  const { post, recorded, errors, server } = await startConversions(t, {
    record: () => (failure === undefined ? Promise.resolve() : Promise.reject(failure)),
  });
  t.match(await post(ONE), { status: 503, headers: { "retry-after": "5" }, body: { error: "the disk is full" } });
  t.same(errors, []);
  failure = new TypeError("x is not a function");
  const answer = await post(ONE);
  t.match([answer.status, answer.body], [500, { error: "unexpected error" }]);
  t.same(errors, [failure]);
  failure = undefined;
  t.equal((await post(ONE)).status, 202);
  t.same(recorded, [[ROW]]);
  t.same(Object.fromEntries(server.replies), { 202: 1, 500: 1, 503: 1 });
});

await t.test("beyond 32 MB that wait nothing more is read, until there is room", async (t) => {
  const held = new Held();
  const { post, recorded } = await startConversions(t, { record: held.record });
  const large = padded(MAX_BODY);
  const waiting = Array.from({ length: 32 }, () => post(large));
  await held.until(32);
  t.match(await post(ONE), { status: 503, headers: { "retry-after": "5" }, body: { error: /^too many/ } });
  t.equal(held.calls, 32);
  held.release();
  for (const { status } of await Promise.all(waiting)) t.equal(status, 202);
  const again = await Promise.all(Array.from({ length: 32 }, () => post(large)));
  t.same(new Set(again.map(({ status }) => status)), new Set([202]), "all of the room is there again");
  t.equal(recorded.length, 64);
});

await t.test("a client that leaves midway is no error, and keeps no room", async (t) => {
  const held = new Held();
  const { port, post, recorded, errors } = await startConversions(t, { record: held.record });
  for (let leaving = 0; leaving < 40; leaving++) {
    const connection = await Connection.open(port);
    connection.socket.write(lines(...START, `Content-Length: ${MAX_BODY}`) + ONE);
    connection.socket.resetAndDestroy();
    await connection.closed;
  }
  const left = await Connection.open(port);
  left.socket.write(lines(...START, `Content-Length: ${ONE.length}`) + ONE);
  await held.until(1);
  left.socket.destroy();
  await left.closed;
  const staying = post(ONE);
  await held.until(2);
  held.release();
  t.equal((await staying).status, 202);
  t.same(recorded, [[ROW], [ROW]], "what had come whole is recorded, and what had not is not");
  t.same(errors, []);
});

await t.test("other machines reach it by a token only, and an address that cannot be had is told", async (t) => {
  const serverOf = (token?: string): ConversionsServer => {
    const server = new ConversionsServer(() => Promise.resolve(), token, {
      maxConnections: 10,
      onError: (error) => t.fail(String(error)),
    });
    t.teardown(() => {
      server.close();
    });
    return server;
  };
  for (const host of ["0.0.0.0", "::"])
    await t.rejects(serverOf().listen(host, 0), {
      name: "UsageError",
      message:
        `CONVERSION_HOST: ${host} is reached by other machines, and no token is set: set CONVERSION_TOKEN_FILE or ` +
        "CONVERSION_TOKEN, or listen on 127.0.0.1",
    });
  const port = await serverOf(TOKEN).listen("0.0.0.0", 0);
  t.ok(port > 0);
  await t.rejects(serverOf(TOKEN).listen("0.0.0.0", port), {
    name: "CannotListenError",
    message: `cannot listen on 0.0.0.0:${port}: the port is taken: end what listens there, or set CONVERSION_PORT to another`,
  });
  await t.rejects(serverOf(TOKEN).listen("name.invalid", 0), {
    name: "CannotListenError",
    message: /the name does not resolve: set CONVERSION_HOST to an address of this machine$/,
  });
});
